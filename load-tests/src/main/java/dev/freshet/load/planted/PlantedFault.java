package dev.freshet.load.planted;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;

/** Adds one fault to a server. The system property {@value #FAULT} names it. */
@AutoConfiguration
public class PlantedFault {

    /** The system property with the name of the fault. */
    public static final String FAULT = "planted.fault";

    /** The system property with the processor time that {@code COSTLY_REQUESTS} adds to each read, in nanoseconds. */
    public static final String COST = "planted.nanos";

    private static final int LEAKED_BYTES = 16 * 1024;
    private static final long BLOCKED_MILLIS = 200;
    private static final long FIRST_BLOCK_SECONDS = 20;
    private static final long BLOCK_INTERVAL_SECONDS = 60;

    private final AtomicBoolean blocked = new AtomicBoolean();

    @Bean
    NettyServerCustomizer plantFault() {
        var fault = System.getProperty(FAULT, "");
        return server -> server.doOnChannelInit((observer, channel, address) -> {
            switch (fault) {
                case "LEAKED_BUFFERS" -> leak(channel);
                case "BLOCKED_LOOP" -> block(channel);
                case "COSTLY_REQUESTS" -> channel.pipeline().addFirst(new Cost(Long.getLong(COST, 0)));
                case UnconfirmedDeliveries.NAME -> {}
                default -> throw new IllegalArgumentException("Unknown fault: " + fault);
            }
        });
    }

    @Bean
    static UnconfirmedDeliveries plantUnconfirmedDeliveries() {
        return new UnconfirmedDeliveries(UnconfirmedDeliveries.NAME.equals(System.getProperty(FAULT)));
    }

    private static void leak(Channel channel) {
        channel.alloc().directBuffer(LEAKED_BYTES).writeZero(LEAKED_BYTES);
    }

    private void block(Channel channel) {
        if (blocked.compareAndSet(false, true)) {
            channel.eventLoop()
                    .scheduleAtFixedRate(
                            PlantedFault::sleep, FIRST_BLOCK_SECONDS, BLOCK_INTERVAL_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(BLOCKED_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Cost extends ChannelInboundHandlerAdapter {

        private final long nanos;

        Cost(long nanos) {
            this.nanos = nanos;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            for (var end = System.nanoTime() + nanos; System.nanoTime() < end; ) {
                Thread.onSpinWait();
            }
            context.fireChannelRead(message);
        }
    }
}
