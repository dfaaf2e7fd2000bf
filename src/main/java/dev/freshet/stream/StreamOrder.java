package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedParameters;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.problem.Problem;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stream that a client requests.
 *
 * @param follow whether to continue after the events that the log has now
 * @param announce whether to send a notice once all missed events have been sent
 */
public record StreamOrder(Feed feed, StreamFormat format, StartPosition start, boolean follow, boolean announce) {

    /**
     * Reads the parameters of a stream. Throws the problem to report to the client if one is invalid.
     *
     * @param lastEventId the header {@code Last-Event-ID}
     */
    static StreamOrder of(
            Feed feed,
            Representation representation,
            FeedParameters parameters,
            @Nullable String lastEventId,
            Instant now) {
        return new StreamOrder(
                feed,
                Format.of(representation == Representation.SSE, detail(parameters)),
                StartPosition.parse(
                        lastEventId,
                        parameters.text("lastEventId"),
                        parameters.text("cursor"),
                        parameters.text("since"),
                        now),
                parameters.isTrue("follow", true),
                parameters.isTrue("announce", false));
    }

    /** An event is encoded once for all subscribers of a selection of fields, so streams offer few selections. */
    private static Format.Detail detail(FeedParameters parameters) {
        return switch (parameters.text("fields")) {
            case "", "summary" -> Format.Detail.SUMMARY;
            case "full" -> Format.Detail.FULL;
            case "keys" -> Format.Detail.KEYS;
            default -> throw Problem.INVALID_REQUEST.because("fields of a stream must be summary, full or keys.");
        };
    }
}
