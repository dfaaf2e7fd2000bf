package dev.freshet.feed;

import dev.freshet.problem.Problem;
import java.util.List;
import org.springframework.http.MediaType;

/** The forms that {@code /api/v1/articles} is served in. */
public enum Representation {
    JSON(MediaType.APPLICATION_JSON),
    SSE(MediaType.TEXT_EVENT_STREAM),
    NDJSON(MediaType.APPLICATION_NDJSON);

    @SuppressWarnings("ImmutableEnumChecker") // a MediaType never changes
    private final MediaType mediaType;

    Representation(MediaType mediaType) {
        this.mediaType = mediaType;
    }

    public MediaType mediaType() {
        return mediaType;
    }

    /**
     * The form that a client prefers (RFC 9110, section 12.5.1). Where it does not care it gets the first.
     *
     * @param accept the media types of the Accept header, in order; none means any
     */
    public static Representation preferred(List<MediaType> accept) {
        if (accept.isEmpty()) {
            return JSON;
        }
        Representation best = null;
        var bestQuality = 0.0;
        for (var type : accept) {
            for (var representation : values()) {
                if (type.getQualityValue() > bestQuality && type.includes(representation.mediaType)) {
                    best = representation;
                    bestQuality = type.getQualityValue();
                }
            }
        }
        if (best == null) {
            throw Problem.NOT_ACCEPTABLE.because(
                    "This resource comes as application/json, text/event-stream or application/x-ndjson.");
        }
        return best;
    }
}
