package dev.freshet.feed;

import dev.freshet.problem.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** The forms that a feed is served in. */
public enum Representation {
    JSON(MediaType.APPLICATION_JSON),
    SSE(MediaType.TEXT_EVENT_STREAM),
    NDJSON(MediaType.APPLICATION_NDJSON),
    /** JSON Feed 1.1. */
    JSON_FEED(MediaType.parseMediaType("application/feed+json")),
    /** RFC 4287. */
    ATOM(MediaType.APPLICATION_ATOM_XML),
    /** RSS 2.0. */
    RSS(MediaType.APPLICATION_RSS_XML),
    /** The page that a person reads. It has an address of its own and is never negotiated. */
    HTML(MediaType.parseMediaType("text/html;charset=UTF-8"));

    private static final List<Representation> NEGOTIATED =
            Arrays.stream(values()).filter(each -> each != HTML).toList();

    @SuppressWarnings("ImmutableEnumChecker") // a MediaType never changes
    private final MediaType mediaType;

    Representation(MediaType mediaType) {
        this.mediaType = mediaType;
    }

    public MediaType mediaType() {
        return mediaType;
    }

    /** Whether it never ends by itself: events, not a page. */
    public boolean isStream() {
        return this == SSE || this == NDJSON;
    }

    /** Whether its links must be absolute, since it is read far from where it came. */
    public boolean isSyndicated() {
        return this == JSON_FEED || this == ATOM || this == RSS;
    }

    /** The name that the parameter {@code format} knows it by, for example {@code json-feed}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The form that a client asks for by name, for clients that can't choose their Accept header.
     *
     * @param format the parameter {@code format}; empty to let the Accept header choose
     * @param accept the media types of the Accept header, in order; none means any
     */
    static Representation asked(String format, List<MediaType> accept) {
        if (format.isEmpty()) {
            return preferred(accept);
        }
        return NEGOTIATED.stream()
                .filter(each -> each.toString().equals(format))
                .findFirst()
                .orElseThrow(() ->
                        Problem.INVALID_REQUEST.because("format is one of " + names(Representation::toString) + "."));
    }

    // RFC 9110, section 12.5.1. Where a client does not care it gets the first.
    private static Representation preferred(List<MediaType> accept) {
        if (accept.isEmpty()) {
            return JSON;
        }
        @Nullable Representation best = null;
        var bestQuality = 0.0;
        for (var type : accept) {
            for (var representation : NEGOTIATED) {
                if (type.getQualityValue() > bestQuality && type.includes(representation.mediaType)) {
                    best = representation;
                    bestQuality = type.getQualityValue();
                }
            }
        }
        if (best == null) {
            throw Problem.NOT_ACCEPTABLE.because(
                    "This resource comes as " + names(each -> each.mediaType.toString()) + ".");
        }
        return best;
    }

    private static String names(Function<Representation, String> name) {
        return NEGOTIATED.stream().map(name).collect(Collectors.joining(", "));
    }
}
