package dev.freshet.feed;

import dev.freshet.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;

/** What the parameters of {@code /api/v1/articles} mean in every representation. */
public final class FeedRequest {

    private static final int LONGEST = 500;

    private FeedRequest() {}

    /** The feed that {@code tag}, {@code author}, {@code source} and {@code q} name. */
    public static Feed feed(ServerRequest request) {
        return new Feed(text(request, "tag"), text(request, "author"), text(request, "source"), text(request, "q"));
    }

    /** Whether articles shall carry {@code body} and {@code html}: {@code fields=full}. */
    public static boolean content(ServerRequest request) {
        var fields = text(request, "fields");
        if (fields.isEmpty() || fields.equals("summary")) {
            return false;
        }
        if (fields.equals("full")) {
            return true;
        }
        throw Problem.INVALID_REQUEST.because("fields is full or summary.");
    }

    /** Where the page begins: {@code before}; null for the first page. */
    public static @Nullable PageKey before(ServerRequest request) {
        var text = text(request, "before");
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

    /** A parameter of the request, empty where it is not given. */
    public static String text(ServerRequest request, String name) {
        var value = request.queryParam(name).orElse("");
        if (value.length() > LONGEST) {
            throw Problem.INVALID_REQUEST.because(name + " is longer than " + LONGEST + " characters.");
        }
        if (value.indexOf('\0') >= 0) {
            throw Problem.INVALID_REQUEST.because(name + " has a character that no text has (U+0000).");
        }
        return value;
    }
}
