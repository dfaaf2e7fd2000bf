package dev.freshet.feed;

import dev.freshet.platform.LanguageTag;
import dev.freshet.platform.NameKey;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.problem.Problem;
import dev.freshet.search.SearchQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * The parameters that select a feed and its representation, in every representation. Each method throws the problem to
 * report to the client if the value is invalid.
 */
public final class FeedParameters {

    private static final int MAX_VALUE_LENGTH = 500;

    private final MultiValueMap<String, String> parameters;
    private final HttpHeaders headers;

    private FeedParameters(MultiValueMap<String, String> parameters, HttpHeaders headers) {
        this.parameters = parameters;
        this.headers = headers;
    }

    public static FeedParameters of(ServerRequest request) {
        var http = request.exchange().getRequest();
        return of(http.getQueryParams(), http.getHeaders());
    }

    /**
     * Reads the parameters of a feed.
     *
     * @param parameters decoded
     */
    public static FeedParameters of(MultiValueMap<String, String> parameters, HttpHeaders headers) {
        return new FeedParameters(parameters, headers);
    }

    /** Negotiates the representation of a feed. */
    public Representation representation() {
        return negotiate(Representation.OF_FEEDS);
    }

    /** Negotiates one of the offered representations; the first is the default. */
    public Representation negotiate(List<Representation> offered) {
        text("format");
        return Representation.negotiate(parameters, headers, offered);
    }

    /**
     * Returns the feed of {@code tag}, {@code author}, {@code source} and {@code language}, the same with {@code not.} before
     * it, each of which may be repeated, and {@code q}.
     */
    public Feed feed(FeedSettings settings) {
        var excluded = new NameSet(names("not.tag"), names("not.author"), names("not.source"));
        var feed = new Feed(
                names("tag"),
                names("author"),
                names("source"),
                search(),
                null,
                excluded,
                new Languages(languages("language"), languages("not.language")));
        if (feed.values() > settings.maxValues()) {
            throw Problem.INVALID_REQUEST.because("A feed has at most " + settings.maxValues()
                    + " tags, authors, sources and languages, with the excluded ones. Remove some.");
        }
        return feed;
    }

    private String search() {
        var q = text("q");
        if (!q.isBlank()) {
            SearchQuery.parse(q);
        }
        return q;
    }

    /** Returns keys of names, with the length that the next link has: some letters become three in a key. */
    private List<String> names(String parameter) {
        return parameters.getOrDefault(parameter, List.of()).stream()
                .map(name -> bounded(parameter, NameKey.of(valid(parameter, name))))
                .toList();
    }

    private List<String> languages(String parameter) {
        var languages = parameters.getOrDefault(parameter, List.of());
        for (var language : languages) {
            if (!valid(parameter, language).isBlank() && LanguageTag.canonical(language) == null) {
                throw Problem.INVALID_REQUEST.because(parameter
                        + " must be a language tag (BCP 47) such as en or pt-BR," + " with hyphens between its parts.");
            }
        }
        return languages;
    }

    /** Returns whether {@code following} restricts the feed to what the caller follows. */
    public boolean isFollowing() {
        return isTrue("following", false);
    }

    /** Parses a parameter that is true or false. */
    public boolean isTrue(String name, boolean defaultValue) {
        return switch (text(name)) {
            case "" -> defaultValue;
            case "true" -> true;
            case "false" -> false;
            default -> throw Problem.INVALID_REQUEST.because(name + " must be true or false.");
        };
    }

    /** Returns the value of a parameter; empty if the request does not have it. */
    public String text(String name) {
        return valid(name, parameters.getFirst(name));
    }

    private static String valid(String name, @Nullable String value) {
        if (value == null) {
            return "";
        }
        bounded(name, value);
        if (value.indexOf('\0') >= 0) {
            throw Problem.INVALID_REQUEST.because(name + " contains the character U+0000. Remove it.");
        }
        return value;
    }

    private static String bounded(String name, String value) {
        if (value.length() > MAX_VALUE_LENGTH) {
            throw Problem.INVALID_REQUEST.because(name + " is longer than " + MAX_VALUE_LENGTH + " characters.");
        }
        return value;
    }
}
