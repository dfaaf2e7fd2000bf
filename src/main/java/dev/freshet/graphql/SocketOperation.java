package dev.freshet.graphql;

import dev.freshet.platform.http.ClosingReason;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.stream.Framing;
import dev.freshet.stream.StreamChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticationException;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/**
 * One operation of a socket. A subscription is a stream without a queue: its events wait in the ring or in the log until the
 * socket is writable. All methods are called on the socket's event loop, except those that any thread may call by {@link
 * StreamChannel}.
 */
final class SocketOperation implements StreamChannel {

    /** Maintains the operations of a socket. */
    interface Owner {

        /**
         * The operation has ended; called once, unless it was cancelled.
         *
         * @param reason any but {@code COMPLETE} ends the socket
         */
        void ended(SocketOperation operation, ClosingReason reason);

        /** Returns the count of operations. Called by any thread. */
        int size();
    }

    private final String id;
    private final byte[] prefix;
    private final SocketConnection connection;
    private final Owner owner;
    private final JsonMapper json;
    private final Scheduler loopScheduler;
    private @Nullable Disposable execution;
    private @Nullable Listener stream;
    private @Nullable ClosingReason closing;
    private boolean ended;
    private long bytes;

    SocketOperation(String id, SocketConnection connection, Owner owner, JsonMapper json) {
        this.id = id;
        this.prefix = SocketMessages.prefix(id, json);
        this.connection = connection;
        this.owner = owner;
        this.json = json;
        this.loopScheduler = Schedulers.fromExecutor(connection.loop());
    }

    String id() {
        return id;
    }

    boolean isStream() {
        return stream != null;
    }

    /** Executes it. A failure is reported to the client. */
    void start(Mono<Void> executing) {
        execution =
                executing.onErrorResume(failure -> onLoop(() -> fail(failure))).subscribe();
    }

    /** Sends the response of a query or a mutation. Encodes it on the caller's thread. */
    Mono<Void> respond(Operations.Outcome.Response response) {
        return switch (response) {
            case Operations.Outcome.Shared shared ->
                reply(SocketMessages.next(shared.entry().body()));
            case Operations.Outcome.Personal personal ->
                personal.isStarted()
                        ? reply(SocketMessages.next(personal.body()))
                        : onLoop(() -> end(SocketMessages.error(
                                json.writeValueAsBytes(personal.result().get("errors")))));
        };
    }

    private Mono<Void> reply(byte[] next) {
        return onLoop(() -> {
            if (!ended) {
                send(next);
                end(SocketMessages.complete());
            }
        });
    }

    Mono<Void> onLoop(Runnable action) {
        return Mono.<Void>fromRunnable(action).subscribeOn(loopScheduler);
    }

    /** Ends it with the error of a failure. */
    void fail(Throwable failure) {
        if (failure instanceof AuthenticationException) {
            end(ClosingReason.EXPIRED);
            return;
        }
        var problem = ProblemErrors.problem(failure, "operation");
        end(SocketMessages.error(
                json.writeValueAsBytes(ProblemErrors.response(problem).get("errors"))));
    }

    private void end(byte[] last) {
        if (!ended) {
            send(last);
            end(ClosingReason.COMPLETE);
        }
    }

    /** The source of its stream. */
    void attach(Function<? super StreamChannel, ? extends Listener> listener) {
        var attached = listener.apply(this);
        if (ended) {
            attached.closed();
            return;
        }
        stream = attached;
        attached.opened();
        if (closing != null) {
            attached.close(closing);
        }
    }

    /** Ends it without a message to the client, which cancelled it or has gone. */
    void cancel() {
        if (!ended) {
            ended = true;
            if (execution != null) {
                execution.dispose();
            }
            if (stream != null) {
                stream.closed();
            }
        }
    }

    /** Ends it with a notice of the reason if it is a stream, or as soon as it is one. */
    void close(ClosingReason reason) {
        closing = reason;
        if (stream != null && !ended) {
            stream.close(reason);
        }
    }

    /** The socket is writable again. */
    void writable() {
        if (stream != null) {
            stream.writable();
        }
    }

    @Override
    public EventLoop loop() {
        return connection.loop();
    }

    @Override
    public Framing framing() {
        return Framing.RECORDS;
    }

    @Override
    public boolean isWritable() {
        return connection.isWritable();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** Returns an equal share of the bytes in the socket's write buffer. */
    @Override
    public long pendingBytes() {
        return connection.pendingBytes() / Math.max(1, owner.size());
    }

    @Override
    public void send(byte[] notice) {
        if (notice.length > 0) {
            write(notice.length, message -> message.writeBytes(notice));
            connection.flush();
        }
    }

    /** Copies each record behind the id, which differs between the subscribers that share the records. */
    @Override
    public void send(ByteBuf framed) {
        try {
            while (framed.isReadable()) {
                var length = framed.readInt();
                write(length, message -> message.writeBytes(framed, length));
            }
        } finally {
            framed.release();
        }
        connection.flush();
    }

    private void write(int length, Function<ByteBuf, ByteBuf> body) {
        bytes += prefix.length + length;
        connection.write(body.apply(
                ByteBufAllocator.DEFAULT.directBuffer(prefix.length + length).writeBytes(prefix)));
    }

    @Override
    public void end(ClosingReason reason) {
        if (!ended) {
            ended = true;
            owner.ended(this, reason);
        }
    }

    /** Returns the problem of an operation beyond the limit of its socket. */
    static ProblemException tooMany(int limit) {
        return Problem.TOO_MANY_STREAMS.because("This socket has reached its maximum of " + limit + " operations.");
    }
}
