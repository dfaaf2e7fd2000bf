package dev.freshet.read.page;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.feed.FeedParameters;
import dev.freshet.feed.FeedSettings;
import dev.freshet.limit.EdgeRules;
import dev.freshet.platform.http.DeclaredParameters;
import dev.freshet.platform.http.QueryParameters;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.http.SecurityHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.support.Netty4HeadersAdapter;
import reactor.netty.http.server.HttpServerRequest;

/** Parses requests for public pages as the web server sees them. Results are cached, since parsing takes longer than responding. */
final class PublicPageRequests {

    private static final String HTML_PATH = "/";
    static final DeclaredParameters DECLARED = DeclaredParameters.of(FeedOperation.class);
    private static final int MAX_CACHED_REQUESTS = 10_000;
    private static final int MAX_CACHED_TARGET_LENGTH = 300;

    /** Distinguishes requests for pages whose links are relative, apart from their conditions. */
    private record Target(String uri, List<String> accept) {

        boolean isShort() {
            return uri.length() + accept.stream().mapToInt(String::length).sum() <= MAX_CACHED_TARGET_LENGTH;
        }
    }

    private final PageRequestParser parser;
    private final EdgeRules rules;
    private final FeedSettings settings;
    private final Cache<Target, PageRequest> parsed =
            Caffeine.newBuilder().maximumSize(MAX_CACHED_REQUESTS).build();

    PublicPageRequests(PageRequestParser parser, EdgeRules rules, FeedSettings settings) {
        this.settings = settings;
        this.parser = parser;
        this.rules = rules;
    }

    /** Returns the requested page; null if the request has to take the slow path. */
    @Nullable
    PageRequest parse(HttpServerRequest request) {
        var headers = request.requestHeaders();
        if (!HttpMethod.GET.equals(request.method()) || !isPage(request.uri()) || rules.requireFilterChain(headers)) {
            return null;
        }
        var target = new Target(request.uri(), headers.getAll(HttpHeaders.ACCEPT));
        var page = parsed.getIfPresent(target);
        if (page == null) {
            page = parseTarget(request);
            if (page != null && !page.query().representation().isSyndicated() && target.isShort()) {
                parsed.put(target, page);
            }
        }
        return page;
    }

    private static boolean isPage(String uri) {
        return uri.equals(HTML_PATH) || uri.startsWith("/?") || isAt(PageQuery.PATH, uri);
    }

    private static boolean isAt(String path, String uri) {
        return uri.startsWith(path) && (uri.length() == path.length() || uri.charAt(path.length()) == '?');
    }

    private @Nullable PageRequest parseTarget(HttpServerRequest request) {
        try {
            var uri = new URI(request.uri());
            var query = QueryParameters.parse(uri.getRawQuery());
            var parameters =
                    FeedParameters.of(query, new HttpHeaders(new Netty4HeadersAdapter(request.requestHeaders())));
            var isHtml = HTML_PATH.equals(uri.getRawPath());
            if (!isHtml) {
                DECLARED.check(query);
            }
            var representation = isHtml ? Representation.HTML : parameters.representation();
            return uri.getRawFragment() != null || representation.isStream() || parameters.isFollowing()
                    ? null
                    : parser.feed(parameters, parameters.feed(settings), representation, () -> origin(request));
        } catch (URISyntaxException | RuntimeException e) {
            // The slow path reports the error.
            return null;
        }
    }

    private static String origin(HttpServerRequest request) {
        var host = request.hostName();
        var port = request.hostPort();
        return request.scheme()
                + "://"
                + (host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host)
                + (port == (SecurityHeaders.isOverTls(request.scheme()) ? 443 : 80) ? "" : ":" + port);
    }
}
