package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedKind;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Scope;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.problem.Problem;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * What the parameters of {@code /api/v1/articles} mean in every representation. Each method throws the problem that the
 * client is to be told of where it can't be read.
 */
public final class FeedRequest {

    private static final int LONGEST = 500;

    private final MultiValueMap<String, String> parameters;
    private final HttpHeaders headers;

    private FeedRequest(MultiValueMap<String, String> parameters, HttpHeaders headers) {
        this.parameters = parameters;
        this.headers = headers;
    }

    public static FeedRequest of(ServerRequest request) {
        return of(request.exchange().getRequest());
    }

    static FeedRequest of(ServerHttpRequest request) {
        return of(request.getQueryParams(), request.getHeaders());
    }

    /** @param parameters decoded */
    static FeedRequest of(MultiValueMap<String, String> parameters, HttpHeaders headers) {
        return new FeedRequest(parameters, headers);
    }

    /** The form that the client wants: {@code format}, else what its Accept header prefers. */
    public Representation representation() {
        return Representation.negotiate(parameters, headers, Representation.OF_FEEDS);
    }

    /** The feed that {@code tag}, {@code author}, {@code source} and {@code q} name. */
    public Feed feed() {
        return new Feed(tag(), text("author"), text("source"), text("q"));
    }

    private String tag() {
        // As it will be asked for on the next page: some letters are two when they are small.
        return bounded("tag", text("tag").toLowerCase(Locale.ROOT));
    }

    /** Whether only what the caller follows is asked for: {@code following}. */
    public boolean isFollowing() {
        return switch (text("following")) {
            case "", "false" -> false;
            case "true" -> true;
            default -> throw Problem.INVALID_REQUEST.because("following is true or false.");
        };
    }

    /**
     * The feed that is asked for, by whoever asks.
     *
     * @return fails with {@link Problem#UNAUTHORIZED} or {@link Problem#FORBIDDEN} where it is not for them
     */
    public static Mono<Feed> feed(ServerRequest request) {
        var asked = of(request);
        var feed = asked.feed();
        return asked.isFollowing() ? reader(request).map(feed::followedBy) : Mono.just(feed);
    }

    private static Mono<UUID> reader(ServerRequest request) {
        return Caller.of(request)
                .switchIfEmpty(Mono.error(() -> Problem.UNAUTHORIZED.because("What you follow needs a token.")))
                .filter(caller -> caller.scopes().contains(Scope.ARTICLES_READ))
                .switchIfEmpty(Mono.error(
                        () -> Problem.FORBIDDEN.because("This needs the scope " + Scope.ARTICLES_READ + ".")))
                .map(Caller::id);
    }

    /** Which fields articles shall carry: {@code fields}. */
    public Fields fields() {
        return Fields.parse(text("fields"));
    }

    /** Where the page begins: {@code before}; null for the first page. */
    public @Nullable PageKey before() {
        var text = text("before");
        if (text.isEmpty()) {
            return null;
        }
        var key = PageKey.parse(text);
        if (key == null) {
            throw Problem.INVALID_PAGE_KEY.because(
                    "This link to older articles is broken: before is no page key of this server.");
        }
        return key;
    }

    /** The most items of a page: {@code limit}. */
    int limit() {
        return limit(PageQuery.DEFAULT_LIMIT, PageQuery.MAX_LIMIT);
    }

    private int limit(int usual, int most) {
        var text = text("limit");
        try {
            var limit = text.isEmpty() ? usual : Integer.parseInt(text);
            if (limit >= 1 && limit <= most) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Told below, as for a number out of range.
        }
        throw Problem.INVALID_REQUEST.because("limit is a number from 1 to " + most + ".");
    }

    /** The part of the directory that {@code kind}, {@code limit} and {@code after} name. */
    DirectoryQuery directory(String origin) {
        var representation = Representation.negotiate(parameters, headers, Representation.OF_DIRECTORY);
        var after = text("after").isEmpty() ? null : DirectoryKey.parse(text("after"));
        if (after == null && !text("after").isEmpty()) {
            throw Problem.INVALID_PAGE_KEY.because("after is no page key of this server.");
        }
        return new DirectoryQuery(
                representation,
                kind(),
                after,
                limit(DirectoryQuery.DEFAULT_LIMIT, DirectoryQuery.MAX_LIMIT),
                representation == Representation.OPML ? origin : "");
    }

    private @Nullable FeedKind kind() {
        var text = text("kind");
        if (text.isEmpty()) {
            return null;
        }
        var kind = FeedKind.of(text);
        if (kind == null) {
            throw Problem.INVALID_REQUEST.because("kind is tag, author or source.");
        }
        return kind;
    }

    /**
     * The position that the page must not be older than: {@code cursor}, which the client has from a stream or from what
     * it published. Null where it asks for none.
     */
    public @Nullable Cursor floor() {
        var text = text("cursor");
        if (text.isEmpty()) {
            return null;
        }
        var cursor = Cursor.parse(text);
        if (cursor == null) {
            throw Problem.INVALID_CURSOR.because("cursor is no cursor of this server.");
        }
        return cursor;
    }

    /** A parameter of the request, empty where it is not given. */
    public String text(String name) {
        var value = parameters.getFirst(name);
        if (value == null) {
            return "";
        }
        bounded(name, value);
        if (value.indexOf('\0') >= 0) {
            throw Problem.INVALID_REQUEST.because(name + " has a character that no text has (U+0000).");
        }
        return value;
    }

    private static String bounded(String name, String value) {
        if (value.length() > LONGEST) {
            throw Problem.INVALID_REQUEST.because(name + " is longer than " + LONGEST + " characters.");
        }
        return value;
    }
}
