package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedParameters;
import dev.freshet.feed.FeedRepresentation;
import dev.freshet.feed.FeedRequest;
import dev.freshet.feed.SurrogateKeys;
import dev.freshet.platform.http.CdnSettings;
import dev.freshet.platform.http.Representation;
import dev.freshet.read.page.PageLookup.Place;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Responds to requests for pages of feeds, including conditional ones (RFC 9110, section 13; RFC 9111).
 *
 * <p>A browser revalidates each time ({@code no-cache}) and usually gets 304, which needs neither store. If a
 * content delivery network is notified of changes, {@code CDN-Cache-Control} (RFC 9213) lets it cache pages, and {@code
 * Surrogate-Key} names the keys to purge by.
 */
public final class PageHandler implements FeedRepresentation {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private static final Pattern REFUSED = Pattern.compile(";\\s*q=0(\\.0*)?\\s*$");

    private final CachedPages pages;
    private final Map<Representation, String> forms;
    private final @Nullable URI publicUrl;
    private final CdnSettings delivery;

    /** @param build identifies the renderer, so that pages of another build count as changed */
    PageHandler(CachedPages pages, PageSettings settings, CdnSettings delivery, String build) {
        this.pages = pages;
        this.publicUrl = settings.publicUrl();
        this.delivery = delivery;
        this.forms = new EnumMap<>(Representation.class);
        for (var representation : Representation.values()) {
            forms.put(representation, representation + "-" + build);
        }
    }

    /** Returns the representations that end and are negotiated. */
    @Override
    public Set<Representation> representations() {
        return Representation.OF_FEEDS.stream()
                .filter(each -> !each.isStream())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Mono<ServerResponse> respond(ServerRequest request, FeedRequest requested) {
        var http = request.exchange().getRequest();
        return answer(
                        pageRequest(
                                new PageParameters(requested.parameters()),
                                requested.feed(),
                                requested.representation(),
                                () -> origin(http)),
                        http.getHeaders())
                .flatMap(PageHandler::respond);
    }

    /** Responds with the reader's page of a feed, which is never negotiated. */
    public Mono<ServerResponse> respondAsHtml(ServerRequest request) {
        return FeedRequest.of(request, FeedParameters.of(request), Representation.HTML)
                .flatMap(requested -> respond(request, requested));
    }

    /** Responds with a part of the directory of feeds. */
    Mono<ServerResponse> handleDirectory(ServerRequest request) {
        return Mono.defer(() -> {
                    var http = request.exchange().getRequest();
                    var parameters = PageParameters.of(http);
                    return answer(
                            new PageRequest(parameters.directory(origin(http)), parameters.floor()), http.getHeaders());
                })
                .flatMap(PageHandler::respond);
    }

    /**
     * Parses a request. Throws the problem for the client.
     *
     * @param origin the address by which the client reached this server, such as {@code https://news.example}
     */
    PageRequest pageRequest(PageParameters request, Feed feed, Representation representation, Supplier<String> origin) {
        return new PageRequest(query(request, feed, representation, origin), request.floor());
    }

    private Mono<PageResponse> answer(PageRequest pageRequest, HttpHeaders request) {
        if (pageRequest.query().feed().isPersonal()) {
            return pages.personal(pageRequest.query()).map(page -> personal(pageRequest.query(), page));
        }
        var ready = ready(pageRequest, request);
        return ready == null ? find(pageRequest, request) : Mono.just(ready);
    }

    /** Returns the response that needs no read; null where the page must be {@link #find found}. */
    @Nullable
    PageResponse ready(PageRequest pageRequest, HttpHeaders request) {
        var unchanged = unchanged(pageRequest, request);
        if (unchanged != null) {
            return unchanged;
        }
        var lookup = pages.cached(pageRequest.query(), pageRequest.floor());
        return lookup != null && isEncoded(lookup, request) ? answer(pageRequest.query(), lookup, request) : null;
    }

    /** Returns a response that may need a read. */
    Mono<PageResponse> find(PageRequest pageRequest, HttpHeaders request) {
        var lookup = pages.cached(pageRequest.query(), pageRequest.floor());
        return (lookup == null ? pages.find(pageRequest.query(), pageRequest.floor()) : Mono.just(lookup))
                .flatMap(found -> encoded(found, request))
                .map(found -> answer(pageRequest.query(), found, request));
    }

    private static Mono<PageLookup> encoded(PageLookup found, HttpHeaders request) {
        return isEncoded(found, request)
                ? Mono.just(found)
                : Mono.fromSupplier(found.page()::compress)
                        .subscribeOn(Schedulers.parallel())
                        .thenReturn(found);
    }

    private static boolean isEncoded(PageLookup found, HttpHeaders request) {
        return found.page().isCompressed() || !acceptsGzip(request);
    }

    /** Only the caller may store the response, and must revalidate it. */
    private static PageResponse personal(Query query, RenderedPage page) {
        var headers = new DefaultHttpHeaders();
        headers.set(HttpHeaders.CACHE_CONTROL, "private, no-store");
        headers.set(HttpHeaders.VARY, "Accept, Authorization");
        describe(headers, query, page, false);
        return new PageResponse(200, headers, page, false);
    }

    private static void describe(DefaultHttpHeaders headers, Query query, RenderedPage page, boolean compressed) {
        headers.set(HttpHeaders.CONTENT_TYPE, query.representation().mediaType().toString());
        headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(page.length(compressed)));
        if (compressed) {
            headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        if (query.representation() != Representation.HTML && page.next() != null) {
            headers.set(HttpHeaders.LINK, "<" + page.next() + ">; rel=\"next\"");
        }
    }

    private PageQuery query(
            PageParameters parameters, Feed feed, Representation representation, Supplier<String> origin) {
        if (representation == Representation.HTML) {
            return new PageQuery(
                    representation, feed, parameters.before(), PageQuery.DEFAULT_LIMIT, Fields.SUMMARY, "");
        }
        // Feed readers have a fixed set of fields; only the content is optional.
        var fields = parameters.fields();
        return representation.isSyndicated()
                ? new PageQuery(
                        representation,
                        feed,
                        parameters.before(),
                        parameters.limit(),
                        fields.content() ? Fields.FULL : Fields.SUMMARY,
                        publicUrl == null ? origin.get() : origin(publicUrl))
                : new PageQuery(representation, feed, parameters.before(), parameters.limit(), fields, "");
    }

    private String origin(ServerHttpRequest request) {
        return origin(publicUrl == null ? request.getURI() : publicUrl);
    }

    private static String origin(URI url) {
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    /** Returns 304 where the client names a page that it has and no event has matched its feed since. */
    private @Nullable PageResponse unchanged(PageRequest pageRequest, HttpHeaders request) {
        var condition = request.getFirst(HttpHeaders.IF_NONE_MATCH);
        if (condition == null) {
            return null;
        }
        var query = pageRequest.query();
        var page = pages.known(query);
        var kept = page == null ? null : page.unchanged(condition);
        if (page != null && kept != null && pages.isCurrent(query, page.readAt(), pageRequest.floor())) {
            return kept;
        }
        var form = form(query);
        for (var text : PageTag.listed(request)) {
            var tag = PageTag.parse(text);
            if (tag != null && tag.form().equals(form) && pages.isCurrent(query, tag.readAt(), pageRequest.floor())) {
                var answer = new PageResponse(304, headers(query, tag), null, tag.compressed());
                if (page != null && page.readAt().equals(tag.readAt())) {
                    page.keep(answer);
                }
                return answer;
            }
        }
        return null;
    }

    private PageResponse answer(Query query, PageLookup found, HttpHeaders request) {
        var page = found.page();
        var compressed = acceptsGzip(request);
        var conditional = request.containsHeader(HttpHeaders.IF_NONE_MATCH)
                || request.containsHeader(HttpHeaders.IF_MODIFIED_SINCE);
        var kept = conditional || found.place() != Place.NEAR ? null : page.answer(compressed);
        if (kept != null) {
            return kept;
        }
        var tag = new PageTag(page.readAt(), form(query), compressed);
        var headers = headers(query, tag);
        headers.set("Cache-Status", found.place().status());
        if (found.age() != null) {
            headers.set(HttpHeaders.AGE, Long.toString(found.age().toSeconds()));
        }
        var modified = page.changedAt().truncatedTo(ChronoUnit.SECONDS);
        // Only after that second: a later event within it would not be visible.
        var lastModified = modified.plusSeconds(2).isBefore(Instant.now()) ? HTTP_DATE.format(modified) : null;
        if (lastModified != null) {
            headers.set(HttpHeaders.LAST_MODIFIED, lastModified);
        }
        if (isUnmodified(request, tag, lastModified)) {
            return new PageResponse(304, headers, null, compressed);
        }
        describe(headers, query, page, compressed);
        var answer = new PageResponse(200, headers, page, compressed);
        if (found.place() == Place.NEAR && lastModified != null) {
            page.keep(answer);
        }
        return answer;
    }

    private DefaultHttpHeaders headers(Query query, PageTag tag) {
        var headers = new DefaultHttpHeaders();
        headers.set(HttpHeaders.ETAG, tag.toString());
        headers.set(HttpHeaders.CACHE_CONTROL, "no-cache");
        headers.set(
                HttpHeaders.VARY,
                query.representation() == Representation.HTML ? "Accept-Encoding" : "Accept, Accept-Encoding");
        delivery.headers(SurrogateKeys.of(query.feed())).forEach(headers::set);
        return headers;
    }

    // Dates are compared exactly as sent: an earlier or later one proves nothing.
    private static boolean isUnmodified(HttpHeaders request, PageTag tag, @Nullable String lastModified) {
        if (request.containsHeader(HttpHeaders.IF_NONE_MATCH)) {
            return PageTag.listed(request).stream().anyMatch(text -> text.equals("*") || text.equals(tag.toString()));
        }
        return lastModified != null && lastModified.equals(request.getFirst(HttpHeaders.IF_MODIFIED_SINCE));
    }

    private static boolean acceptsGzip(HttpHeaders request) {
        var accepted = request.getFirst(HttpHeaders.ACCEPT_ENCODING);
        if (accepted == null) {
            return false;
        }
        for (var coding : accepted.split(",", -1)) {
            var weight = coding.indexOf(';');
            var name = (weight < 0 ? coding : coding.substring(0, weight)).strip();
            if (name.equalsIgnoreCase("gzip") || name.equals("*")) {
                return weight < 0 || !REFUSED.matcher(coding).find(weight);
            }
        }
        return false;
    }

    private String form(Query query) {
        return Objects.requireNonNull(forms.get(query.representation()));
    }

    private static Mono<ServerResponse> respond(PageResponse answer) {
        var response = ServerResponse.status(answer.status())
                .headers(
                        headers -> answer.headers().forEach(header -> headers.set(header.getKey(), header.getValue())));
        var body = answer.body();
        return body == null
                ? response.build()
                : response.body(
                        (message, context) -> message.writeWith(Mono.just(wrap(message.bufferFactory(), body))));
    }

    private static DataBuffer wrap(DataBufferFactory factory, ByteBuf body) {
        return factory instanceof NettyDataBufferFactory netty ? netty.wrap(body) : factory.wrap(body.nioBuffer());
    }
}
