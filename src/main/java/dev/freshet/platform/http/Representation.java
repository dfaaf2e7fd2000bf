package dev.freshet.platform.http;

import dev.freshet.platform.WireName;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** The forms that a feed is served in. */
public enum Representation implements WireName {
    JSON(MediaType.APPLICATION_JSON),
    SSE(MediaType.TEXT_EVENT_STREAM),
    NDJSON(MediaType.APPLICATION_NDJSON),
    /** JSON Feed 1.1. */
    JSON_FEED(MediaType.parseMediaType("application/feed+json")),
    /** RFC 4287. */
    ATOM(MediaType.APPLICATION_ATOM_XML),
    /** RSS 2.0. */
    RSS(MediaType.APPLICATION_RSS_XML),
    /** OPML 2.0, of the directory alone. */
    OPML(MediaType.parseMediaType("text/x-opml")),
    /** The page that a person reads. It has an address of its own and is never negotiated. */
    HTML(MediaType.parseMediaType("text/html;charset=UTF-8"));

    /** What a feed is negotiated in. */
    public static final List<Representation> OF_FEEDS = List.of(JSON, SSE, NDJSON, JSON_FEED, ATOM, RSS);

    /** What the directory of feeds is negotiated in. */
    public static final List<Representation> OF_DIRECTORY = List.of(JSON, OPML);

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
        return wireName();
    }

    /**
     * The form that a client asks for by name, for clients that can't choose their Accept header.
     *
     * @param format the parameter {@code format}; empty to let the Accept header choose
     * @param accept the media types of the Accept header, in order; none means any
     * @param offered what there is, the first for who does not care
     */
    public static Representation asked(String format, List<MediaType> accept, List<Representation> offered) {
        if (format.isEmpty()) {
            return preferred(accept, offered);
        }
        return offered.stream()
                .filter(each -> each.toString().equals(format))
                .findFirst()
                .orElseThrow(() -> Problem.INVALID_REQUEST.because(
                        "format is one of " + names(offered, Representation::toString) + "."));
    }

    // RFC 9110, section 12.5.1.
    private static Representation preferred(List<MediaType> accept, List<Representation> offered) {
        if (accept.isEmpty()) {
            return offered.getFirst();
        }
        @Nullable Representation best = null;
        var bestQuality = 0.0;
        for (var type : accept) {
            for (var representation : offered) {
                if (type.getQualityValue() > bestQuality && type.includes(representation.mediaType)) {
                    best = representation;
                    bestQuality = type.getQualityValue();
                }
            }
        }
        if (best == null) {
            throw Problem.NOT_ACCEPTABLE.because(
                    "This resource comes as " + names(offered, each -> each.mediaType.toString()) + ".");
        }
        return best;
    }

    private static String names(List<Representation> offered, Function<Representation, String> name) {
        return offered.stream().map(name).collect(Collectors.joining(", "));
    }
}
