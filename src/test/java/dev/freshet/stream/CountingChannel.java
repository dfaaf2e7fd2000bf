package dev.freshet.stream;

import dev.freshet.platform.http.ClosingReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.function.Function;

/** A channel that drops what it takes, and knows whether a notice and an event were among it. */
final class CountingChannel implements StreamChannel {

    private final EventLoop loop;
    private final Runnable onEvent;
    private volatile boolean hasNotice;
    private volatile boolean hasEvent;

    CountingChannel(EventLoop loop) {
        this(loop, () -> {});
    }

    /** @param onEvent called for each event */
    CountingChannel(EventLoop loop, Runnable onEvent) {
        this.loop = loop;
        this.onEvent = onEvent;
    }

    void attach(Function<? super StreamChannel, ? extends StreamChannel.Listener> listeners) {
        var created = listeners.apply(this);
        loop.execute(created::opened);
    }

    /** Returns whether it has the notice that all missed events were sent. */
    boolean isLive() {
        return hasNotice;
    }

    boolean hasEvent() {
        return hasEvent;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public Framing framing() {
        return Framing.PLAIN;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public void send(byte[] notice) {
        if (notice.length > 0) {
            hasNotice = true;
        }
    }

    @Override
    public void send(ByteBuf framed) {
        hasEvent = true;
        framed.release();
        onEvent.run();
    }

    @Override
    public void end(ClosingReason reason) {}
}
