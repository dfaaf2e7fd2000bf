package dev.freshet.platform.http;

import dev.freshet.platform.WireName;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;

/** The representations of feeds, of the feed directory and of the progress of imports. */
public enum Representation implements WireName {
    JSON(MediaType.APPLICATION_JSON),
    SSE(MediaType.parseMediaType("text/event-stream;charset=UTF-8")),
    NDJSON(
            MediaType.APPLICATION_NDJSON,
            MediaType.parseMediaType("application/ndjson"),
            MediaType.parseMediaType("application/jsonl")),
    /** JSON Feed 1.1. */
    JSON_FEED(MediaType.parseMediaType("application/feed+json")),
    /** RFC 4287. */
    ATOM(MediaType.APPLICATION_ATOM_XML),
    /** RSS 2.0. */
    RSS(MediaType.APPLICATION_RSS_XML),
    /** OPML 2.0; only for the directory. */
    OPML(MediaType.parseMediaType("text/x-opml")),
    /** The reader's page. It has its own address and is never negotiated. */
    HTML(MediaType.parseMediaType("text/html;charset=UTF-8"));

    /** The path of feeds, in every representation. */
    public static final String FEED_PATH = "/api/v1/articles";

    /** The representations of a feed; the first is the default. */
    public static final List<Representation> OF_FEEDS = List.of(JSON, SSE, NDJSON, JSON_FEED, ATOM, RSS);

    /** The representations of the feed directory; the first is the default. */
    public static final List<Representation> OF_DIRECTORY = List.of(JSON, OPML);

    private static final String NEGOTIATED = Representation.class.getName();

    @SuppressWarnings("ImmutableEnumChecker") // a MediaType never changes
    private final MediaType mediaType;

    @SuppressWarnings("ImmutableEnumChecker") // a MediaType never changes
    private final List<MediaType> otherNames;

    Representation(MediaType mediaType, MediaType... otherNames) {
        this.mediaType = mediaType;
        this.otherNames = List.of(otherNames);
    }

    public MediaType mediaType() {
        return mediaType;
    }

    /** Returns whether this is a stream of events instead of a page. */
    public boolean isStream() {
        return this == SSE || this == NDJSON;
    }

    /** Returns whether links must be absolute, since feed readers store the document away from its address. */
    public boolean isSyndicated() {
        return this == JSON_FEED || this == ATOM || this == RSS;
    }

    /** Returns the value of the parameter {@code format}, for example {@code json-feed}. */
    @Override
    public String toString() {
        return wireName();
    }

    /**
     * Returns whether a request opens a stream: a GET of the feeds that negotiates an event format. Rate limits and
     * authentication call this before the endpoint does.
     *
     * @return false also where the negotiation fails
     */
    public static boolean isStream(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        if (!HttpMethod.GET.equals(request.getMethod())
                || !FEED_PATH.equals(request.getPath().pathWithinApplication().value())) {
            return false;
        }
        try {
            return ofFeed(exchange).isStream();
        } catch (ProblemException e) {
            return false;
        }
    }

    /** Returns whether a request opens a stream of server-sent events, which a browser's EventSource may read. */
    public static boolean isEventStream(ServerWebExchange exchange) {
        return isStream(exchange) && ofFeed(exchange) == SSE;
    }

    /**
     * Negotiates the representation of a feed, once per exchange.
     *
     * @throws ProblemException as {@link #negotiate}
     */
    public static Representation ofFeed(ServerWebExchange exchange) {
        if (exchange.getAttribute(NEGOTIATED) instanceof Representation negotiated) {
            return negotiated;
        }
        var request = exchange.getRequest();
        var negotiated = negotiate(request.getQueryParams(), request.getHeaders(), OF_FEEDS);
        exchange.getAttributes().put(NEGOTIATED, negotiated);
        return negotiated;
    }

    /**
     * Negotiates the representation of a response. The parameter {@code format} has priority over the Accept header, for
     * clients that cannot set headers.
     *
     * @param parameters the decoded query parameters
     * @param offered the available representations; the first is the default
     * @throws ProblemException for an unknown format, a malformed Accept header, or where nothing offered is acceptable
     */
    public static Representation negotiate(
            MultiValueMap<String, String> parameters, HttpHeaders headers, List<Representation> offered) {
        var format = parameters.getFirst("format");
        return format == null || format.isEmpty() ? negotiate(headers, offered) : named(format, offered);
    }

    /**
     * Negotiates the representation of a response by the Accept header alone. Between equal qualities, the client's first
     * media type wins.
     *
     * @param offered the available representations; the first is the default
     * @throws ProblemException for a malformed Accept header, or where nothing offered is acceptable
     */
    public static Representation negotiate(HttpHeaders headers, List<Representation> offered) {
        return preferred(accepted(headers), offered);
    }

    private static Representation named(String format, List<Representation> offered) {
        return offered.stream()
                .filter(each -> each.toString().equals(format))
                .findFirst()
                .orElseThrow(() -> Problem.INVALID_REQUEST.because(
                        "Unknown format. Use one of " + names(offered, Representation::toString) + "."));
    }

    private static List<MediaType> accepted(HttpHeaders headers) {
        try {
            return headers.getAccept();
        } catch (InvalidMediaTypeException e) {
            throw Problem.INVALID_REQUEST.because("The Accept header is malformed. Send a list of media types.");
        }
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
                var quality = representation.isIncludedIn(type) ? representation.quality(accept) : 0;
                if (quality > bestQuality) {
                    best = representation;
                    bestQuality = quality;
                }
            }
        }
        if (best == null) {
            throw Problem.NOT_ACCEPTABLE.because("No acceptable representation. Accept one of "
                    + names(offered, each -> each.mediaType.toString()) + ".");
        }
        return best;
    }

    /** Returns the quality of the most specific range that includes this: {@code text/html;q=0} excludes it from a wildcard. */
    private double quality(List<MediaType> accept) {
        return accept.stream()
                .filter(this::isIncludedIn)
                .max(Comparator.comparingInt(Representation::specificity))
                .map(MediaType::getQualityValue)
                .orElse(0.0);
    }

    private static int specificity(MediaType range) {
        return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
    }

    private boolean isIncludedIn(MediaType range) {
        return range.includes(mediaType) || otherNames.stream().anyMatch(range::includes);
    }

    private static String names(List<Representation> offered, Function<Representation, String> name) {
        return offered.stream().map(name).collect(Collectors.joining(", "));
    }
}
