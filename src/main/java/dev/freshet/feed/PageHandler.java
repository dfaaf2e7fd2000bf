package dev.freshet.feed;

import dev.freshet.feedlog.Cursor;
import dev.freshet.platform.ContentDelivery;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Answers requests for pages of feeds, conditional ones too (RFC 9110, section 13; RFC 9111).
 *
 * <p>A browser asks each time ({@code no-cache}) and mostly hears 304, which takes neither store. Where a content delivery
 * network is told of changes, {@code CDN-Cache-Control} (RFC 9213) lets it keep pages, and {@code Surrogate-Key} names
 * what they have to be purged by.
 */
public final class PageHandler {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final CachedPages pages;
    private final Map<Representation, String> forms;
    private final @Nullable URI publicUrl;
    private final ContentDelivery delivery;

    /** @param build identifies the program that renders, so that a newer one is not taken for unchanged */
    PageHandler(CachedPages pages, PageSettings settings, ContentDelivery delivery, String build) {
        this.pages = pages;
        this.publicUrl = settings.publicUrl();
        this.delivery = delivery;
        this.forms = new EnumMap<>(Representation.class);
        for (var representation : Representation.values()) {
            forms.put(representation, representation + "-" + build);
        }
    }

    /**
     * Answers with a page in the form that the request names, or in {@link Representation#HTML}.
     *
     * @return fails with the problem that the client is to be told of
     */
    public Mono<ServerResponse> handle(ServerRequest request, Representation representation) {
        return handle(request, http -> query(http, FeedRequest.of(http), representation));
    }

    /** Answers with a part of the directory of feeds. */
    Mono<ServerResponse> handleDirectory(ServerRequest request) {
        return handle(request, http -> FeedRequest.of(http).directory(origin(http)));
    }

    private Mono<ServerResponse> handle(ServerRequest request, Function<ServerHttpRequest, Query> asked) {
        return Mono.defer(() -> {
            var http = request.exchange().getRequest();
            var query = asked.apply(http);
            var floor = FeedRequest.of(http).floor();
            var atOnce = unchanged(query, floor, http.getHeaders());
            return atOnce != null
                    ? respond(atOnce)
                    : pages.find(query, floor)
                            .map(found -> answer(query, found, http.getHeaders()))
                            .flatMap(PageHandler::respond);
        });
    }

    /** The answer where it takes no waiting; null where it does. Throws what {@link #handle} fails with. */
    @Nullable
    PageAnswer atOnce(ServerHttpRequest request, Representation representation) {
        var asked = FeedRequest.of(request);
        var query = query(request, asked, representation);
        var floor = asked.floor();
        var unchanged = unchanged(query, floor, request.getHeaders());
        if (unchanged != null) {
            return unchanged;
        }
        var found = pages.atHand(query, floor);
        return found == null ? null : answer(query, found, request.getHeaders());
    }

    private PageQuery query(ServerHttpRequest request, FeedRequest asked, Representation representation) {
        if (representation == Representation.HTML) {
            return new PageQuery(
                    representation, asked.feed(), asked.before(), PageQuery.DEFAULT_LIMIT, Fields.SUMMARY, "");
        }
        // Feed readers know their own fields: what can be chosen there is whether they get the content.
        var fields = asked.fields();
        return representation.isSyndicated()
                ? new PageQuery(
                        representation,
                        asked.feed(),
                        asked.before(),
                        asked.limit(),
                        fields.content() ? Fields.FULL : Fields.SUMMARY,
                        origin(request))
                : new PageQuery(representation, asked.feed(), asked.before(), asked.limit(), fields, "");
    }

    private String origin(ServerHttpRequest request) {
        var url = publicUrl == null ? request.getURI() : publicUrl;
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    /** What needs no look at the page: the client names one that it has, and no event has concerned it since. */
    private @Nullable PageAnswer unchanged(Query query, @Nullable Cursor floor, HttpHeaders request) {
        if (!request.containsHeader(HttpHeaders.IF_NONE_MATCH)) {
            return null;
        }
        var form = form(query);
        for (var text : request.getIfNoneMatch()) {
            var tag = PageTag.parse(text.startsWith("W/") ? text.substring(2) : text);
            if (tag != null && tag.form().equals(form) && pages.isCurrent(query, tag.readAt(), floor)) {
                return new PageAnswer(304, headers(query, tag), null);
            }
        }
        return null;
    }

    private PageAnswer answer(Query query, Found found, HttpHeaders request) {
        var page = found.page();
        var compressed = acceptsGzip(request);
        var tag = new PageTag(page.readAt(), form(query), compressed);
        var headers = headers(query, tag);
        headers.put("Cache-Status", found.place().status());
        if (found.age() != null) {
            headers.put(HttpHeaders.AGE, Long.toString(found.age().toSeconds()));
        }
        var modified = page.changedAt().truncatedTo(ChronoUnit.SECONDS);
        // Only once that second is over: a later event of the same second would not show in it.
        var datable = modified.plusSeconds(2).isBefore(Instant.now());
        var lastModified = HTTP_DATE.format(modified);
        if (datable) {
            headers.put(HttpHeaders.LAST_MODIFIED, lastModified);
        }
        if (isUnmodified(request, tag, datable ? lastModified : null)) {
            return new PageAnswer(304, headers, null);
        }
        headers.put(HttpHeaders.CONTENT_TYPE, query.representation().mediaType().toString());
        headers.put(HttpHeaders.CONTENT_LENGTH, Integer.toString(page.length(compressed)));
        if (compressed) {
            headers.put(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        if (query.representation() != Representation.HTML && page.next() != null) {
            headers.put(HttpHeaders.LINK, "<" + page.next() + ">; rel=\"next\"");
        }
        return new PageAnswer(200, headers, page.body(compressed));
    }

    private Map<String, String> headers(Query query, PageTag tag) {
        var headers = new LinkedHashMap<String, String>();
        headers.put(HttpHeaders.ETAG, tag.toString());
        headers.put(HttpHeaders.CACHE_CONTROL, "no-cache");
        headers.put(
                HttpHeaders.VARY,
                query.representation() == Representation.HTML ? "Accept-Encoding" : "Accept, Accept-Encoding");
        headers.putAll(delivery.headers(SurrogateKeys.of(query.feed())));
        return headers;
    }

    // A date is compared exactly, as sent: an earlier or later one says nothing that is certain.
    private static boolean isUnmodified(HttpHeaders request, PageTag tag, @Nullable String lastModified) {
        if (request.containsHeader(HttpHeaders.IF_NONE_MATCH)) {
            return request.getIfNoneMatch().stream()
                    .map(text -> text.startsWith("W/") ? text.substring(2) : text)
                    .anyMatch(text -> text.equals("*") || text.equals(tag.toString()));
        }
        return lastModified != null && lastModified.equals(request.getFirst(HttpHeaders.IF_MODIFIED_SINCE));
    }

    private static boolean acceptsGzip(HttpHeaders request) {
        var accepted = request.getFirst(HttpHeaders.ACCEPT_ENCODING);
        if (accepted == null) {
            return false;
        }
        for (var coding : accepted.split(",", -1)) {
            var parts = coding.strip().split("\\s*;\\s*q=", 2);
            if (parts[0].equalsIgnoreCase("gzip") || parts[0].equals("*")) {
                return parts.length == 1 || !parts[1].matches("0(\\.0*)?");
            }
        }
        return false;
    }

    private String form(Query query) {
        return Objects.requireNonNull(forms.get(query.representation()));
    }

    private static Mono<ServerResponse> respond(PageAnswer answer) {
        var response = ServerResponse.status(answer.status())
                .headers(headers -> answer.headers().forEach(headers::set));
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
