package dev.freshet.read.page;

import dev.freshet.feed.SurrogateKeys;
import dev.freshet.platform.http.CdnSettings;
import dev.freshet.platform.http.Representation;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The headers of pages.
 *
 * <p>A browser revalidates each time ({@code no-cache}) and usually gets 304, which needs neither store. If a content
 * delivery network is notified of changes, {@code CDN-Cache-Control} (RFC 9213) permits it to cache pages, and {@code
 * Surrogate-Key} names the keys to purge by.
 */
final class PageHeaders {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final Map<Representation, String> renderers = new EnumMap<>(Representation.class);
    private final CdnSettings cdn;
    private final SyndicationSettings syndication;

    /** @param build identifies the renderer, so that pages of another build count as changed */
    PageHeaders(CdnSettings cdn, SyndicationSettings syndication, String build) {
        this.cdn = cdn;
        this.syndication = syndication;
        for (var representation : Representation.values()) {
            renderers.put(representation, representation + "-" + build);
        }
    }

    /** Returns the renderer in the entity tags of pages that respond to a query. */
    String renderer(Query query) {
        return Objects.requireNonNull(renderers.get(query.representation()));
    }

    /** Returns the headers that a page and its 304 have in common, apart from the place where it was found. */
    DefaultHttpHeaders shared(Query query, PageTag tag) {
        var headers = new DefaultHttpHeaders();
        headers.set(HttpHeaders.ETAG, tag.toString());
        headers.set(HttpHeaders.CACHE_CONTROL, "no-cache");
        headers.set(
                HttpHeaders.VARY,
                query.representation() == Representation.HTML ? "Accept-Encoding" : "Accept, Accept-Encoding");
        cdn.headers(SurrogateKeys.of(query.feed())).forEach(headers::set);
        return headers;
    }

    /** Returns the headers of a delta (RFC 3229), with the tag of the whole page. */
    DefaultHttpHeaders delta(PageTag tag) {
        var headers = new DefaultHttpHeaders();
        headers.set(HttpHeaders.ETAG, tag.toString());
        headers.set("IM", FeedDeltas.NAME);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.set(HttpHeaders.VARY, "Accept, Accept-Encoding, A-IM, If-None-Match");
        return headers;
    }

    /** Returns the headers of a page for one account, which nothing may store. */
    DefaultHttpHeaders personal() {
        var headers = new DefaultHttpHeaders();
        headers.set(HttpHeaders.CACHE_CONTROL, "private, no-store");
        headers.set(HttpHeaders.VARY, "Accept, Authorization");
        return headers;
    }

    /** Adds the headers of a body. */
    void describe(DefaultHttpHeaders headers, Query query, RenderedPage page, boolean compressed) {
        headers.set(HttpHeaders.CONTENT_TYPE, query.representation().mediaType().toString());
        headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(page.length(compressed)));
        if (compressed) {
            headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        var links = links(query, page);
        if (!links.isEmpty()) {
            headers.set(HttpHeaders.LINK, links);
        }
    }

    /** Returns the links of a page: the next one, and those of a topic of WebSub (section 4). */
    private String links(Query query, RenderedPage page) {
        var links = new StringJoiner(", ");
        if (query.representation() != Representation.HTML && page.next() != null) {
            links.add("<" + page.next() + ">; rel=\"next\"");
        }
        if (query instanceof PageQuery feed && query.representation().isSyndicated()) {
            var hub = syndication.hub(feed);
            if (hub != null) {
                links.add("<" + hub + ">; rel=\"hub\"");
                links.add("<" + feed.origin() + feed.address() + ">; rel=\"self\"");
            }
        }
        return links.toString();
    }

    /** Returns the value of Last-Modified; null within that second, in which a later event would not be visible. */
    static @Nullable String lastModified(RenderedPage page) {
        var modified = page.changedAt().truncatedTo(ChronoUnit.SECONDS);
        return modified.plusSeconds(2).isBefore(Instant.now()) ? HTTP_DATE.format(modified) : null;
    }
}
