package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The open streams of this instance, as every API shows them to operators. The caller must have the scope {@code ops}. Results
 * fail with the problem to report to the client.
 */
@Component
public final class StreamAdministration {

    private static final int MAX_PAGE_SIZE = 1000;

    /**
     * One open stream.
     *
     * @param id unique among all instances
     * @param address network address of the client
     * @param principal the account that opened it, null for an anonymous reader
     * @param format the name of a {@link Format}, such as {@code sse} or {@code ndjson-keys}
     * @param state {@code live} at the tail, {@code catch-up} behind it
     * @param cursor position up to which everything was sent
     * @param lag count of events in the log after the cursor
     * @param bytes count of bytes sent
     * @param pending count of bytes in the write buffer
     */
    public record OpenStream(
            String id,
            String address,
            @Nullable String principal,
            Feed feed,
            String format,
            String state,
            Cursor cursor,
            long lag,
            Instant openedAt,
            long bytes,
            long pending) {

        static OpenStream of(Subscriber subscriber) {
            return new OpenStream(
                    Long.toHexString(subscriber.id()),
                    subscriber.terms().client().address(),
                    subscriber.terms().client().principal(),
                    subscriber.terms().feed(),
                    subscriber.terms().format().toString(),
                    subscriber.isLive() ? "live" : "catch-up",
                    subscriber.cursor(),
                    subscriber.lag(),
                    Instant.ofEpochMilli(subscriber.openedAtMillis()),
                    subscriber.bytes(),
                    subscriber.pendingBytes());
        }
    }

    /**
     * Some of the open streams.
     *
     * @param items oldest first
     * @param count number of all open streams
     * @param next the {@code after} of the next page, null at the end
     */
    public record OpenStreams(
            List<OpenStream> items, int count, @Nullable String next) {}

    private final LiveStreams streams;

    StreamAdministration(LiveStreams streams) {
        this.streams = streams;
    }

    /**
     * Lists the open streams, oldest first.
     *
     * @param after the {@code next} of the previous page; {@code 0} for the first page
     */
    public Mono<OpenStreams> list(String after, int limit) {
        return Mono.defer(() -> {
            if (limit < 1 || limit > MAX_PAGE_SIZE) {
                throw Problem.INVALID_REQUEST.because("limit must be from 1 to " + MAX_PAGE_SIZE + ".");
            }
            var id = id(
                    after,
                    Problem.INVALID_REQUEST.because("after is invalid. Use the value of next of the previous page."));
            return streams.live().map(live -> {
                var items = live.subscribers().after(id).stream()
                        .limit(limit)
                        .map(OpenStream::of)
                        .toList();
                var next = items.size() < limit ? null : items.getLast().id();
                return new OpenStreams(items, live.subscribers().count(), next);
            });
        });
    }

    /** Ends a stream, and sends the reason to its client. */
    public Mono<Void> close(String id) {
        var absent = Problem.STREAM_NOT_FOUND.because("No open stream of this instance has this id.");
        return streams.live().flatMap(live -> {
            var subscriber = live.subscribers().find(id(id, absent));
            if (subscriber == null) {
                return Mono.error(absent);
            }
            subscriber.closeLater(ClosingReason.OPERATOR);
            return Mono.empty();
        });
    }

    private static long id(String text, ProblemException otherwise) {
        try {
            return Long.parseLong(text, 16);
        } catch (NumberFormatException e) {
            throw otherwise;
        }
    }
}
