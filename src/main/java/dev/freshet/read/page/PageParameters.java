package dev.freshet.read.page;

import dev.freshet.feed.FeedKind;
import dev.freshet.feed.FeedParameters;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.problem.Problem;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of pages and of the directory. Each method throws the problem to report to the client if the value is
 * invalid.
 */
final class PageParameters {

    private final FeedParameters parameters;

    PageParameters(FeedParameters parameters) {
        this.parameters = parameters;
    }

    /** Parses {@code fields}: the fields of the articles. */
    Fields fields() {
        return Fields.parse(parameters.text("fields"));
    }

    /** Parses {@code before}: the start of the page; null for the first page. */
    @Nullable
    PageKey before() {
        var text = parameters.text("before");
        if (text.isEmpty()) {
            return null;
        }
        var key = PageKey.parse(text);
        if (key == null) {
            throw Problem.INVALID_PAGE_KEY.because("before is invalid. Follow the next link of a page.");
        }
        return key;
    }

    /** Parses {@code limit}: the maximum number of items. */
    int limit() {
        return limit(PageQuery.DEFAULT_LIMIT, PageQuery.MAX_LIMIT);
    }

    private int limit(int defaultLimit, int max) {
        var text = parameters.text("limit");
        try {
            var limit = text.isEmpty() ? defaultLimit : Integer.parseInt(text);
            if (limit >= 1 && limit <= max) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number out of range.
        }
        throw Problem.INVALID_REQUEST.because("limit must be a number from 1 to " + max + ".");
    }

    /** Parses a request for the directory: {@code kind}, {@code limit} and {@code after}. */
    DirectoryQuery directory(Supplier<String> origin) {
        var representation = parameters.negotiate(Representation.OF_DIRECTORY);
        var text = parameters.text("after");
        var after = text.isEmpty() ? null : DirectoryKey.parse(text);
        if (after == null && !text.isEmpty()) {
            throw Problem.INVALID_PAGE_KEY.because("after is invalid. Follow the next link of a page.");
        }
        return new DirectoryQuery(
                representation,
                kind(),
                after,
                limit(DirectoryQuery.DEFAULT_LIMIT, DirectoryQuery.MAX_LIMIT),
                representation == Representation.OPML ? origin.get() : "");
    }

    private @Nullable FeedKind kind() {
        var text = parameters.text("kind");
        return text.isEmpty() ? null : FeedKind.require(text);
    }

    /** Parses {@code cursor}: the page must not be older than this position, from a stream or a write; null for none. */
    @Nullable
    Cursor floor() {
        var text = parameters.text("cursor");
        if (text.isEmpty()) {
            return null;
        }
        var cursor = Cursor.parse(text);
        if (cursor == null) {
            throw Problem.INVALID_CURSOR.because("cursor is invalid. Use a cursor from a response of this server.");
        }
        return cursor;
    }
}
