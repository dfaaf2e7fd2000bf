package dev.freshet.platform.http;

import dev.freshet.platform.problem.Problem;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Refuses compressed request bodies except for imports, which decompress their own. */
final class ContentEncodingFilter implements WebFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var request = exchange.getRequest();
        var coding = request.getHeaders().getFirst(HttpHeaders.CONTENT_ENCODING);
        if (coding == null
                || coding.strip().toLowerCase(Locale.ROOT).equals("identity")
                || RequestBodyTimeout.IMPORTS.matches(request.getPath().pathWithinApplication())) {
            return chain.filter(exchange);
        }
        exchange.getResponse().getHeaders().set(HttpHeaders.ACCEPT_ENCODING, "identity");
        return Mono.error(() -> Problem.UNSUPPORTED_MEDIA_TYPE.because(
                "Only imports support Content-Encoding. Send the body without it."));
    }
}
