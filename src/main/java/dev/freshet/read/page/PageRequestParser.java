package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedParameters;
import dev.freshet.platform.http.Representation;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Parses requests for pages. Its methods throw the problem to report to the client if a parameter is invalid.
 *
 * <p>An origin is the address by which a client reached this server, such as {@code https://news.example}. Absolute links
 * begin with the public address of this service if it is set, else with the origin.
 */
final class PageRequestParser {

    private final @Nullable String publicOrigin;

    /** @param publicUrl the public address of this service; null to use the origin of each request */
    PageRequestParser(@Nullable URI publicUrl) {
        this.publicOrigin = publicUrl == null ? null : origin(publicUrl);
    }

    /** Returns the beginning of an address, without a path. */
    static String origin(URI url) {
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    /** Parses a request for a page of a feed. */
    PageRequest feed(FeedParameters parameters, Feed feed, Representation representation, Supplier<String> origin) {
        var page = new PageParameters(parameters);
        return new PageRequest(query(page, feed, representation, origin), page.floor());
    }

    /** Parses a request for a part of the directory of feeds. */
    PageRequest directory(FeedParameters parameters, Supplier<String> origin) {
        var page = new PageParameters(parameters);
        return new PageRequest(page.directory(() -> linkOrigin(origin)), page.floor());
    }

    private PageQuery query(
            PageParameters parameters, Feed feed, Representation representation, Supplier<String> origin) {
        if (representation == Representation.HTML) {
            return new PageQuery(
                    representation,
                    feed,
                    parameters.before(),
                    PageQuery.DEFAULT_LIMIT,
                    Fields.SUMMARY,
                    "",
                    PageQuery.PATH);
        }
        var fields = parameters.fields();
        return representation.isSyndicated()
                ? syndicated(parameters, feed, representation, PageQuery.PATH, origin)
                : new PageQuery(
                        representation, feed, parameters.before(), parameters.limit(), fields, "", PageQuery.PATH);
    }

    /** Parses a request for a page of a feed at a secret address, in a format of feed readers. */
    PageRequest secret(
            FeedParameters parameters, Feed feed, Representation representation, String path, Supplier<String> origin) {
        var page = new PageParameters(parameters);
        return new PageRequest(syndicated(page, feed, representation, path, origin), null);
    }

    private PageQuery syndicated(
            PageParameters parameters, Feed feed, Representation representation, String path, Supplier<String> origin) {
        return new PageQuery(
                representation,
                feed,
                parameters.before(),
                parameters.limit(),
                // Feed readers have a fixed set of fields; only the content is optional.
                parameters.fields().content() ? Fields.FULL : Fields.SUMMARY,
                linkOrigin(origin),
                path);
    }

    /** Returns the public address of this service if it is set, else an origin. */
    String linkOrigin(Supplier<String> origin) {
        return publicOrigin == null ? origin.get() : publicOrigin;
    }
}
