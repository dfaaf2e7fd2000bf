package dev.freshet.platform.outbound;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/** Sends GET requests and follows redirects. Each redirect is checked like the first address. */
final class Redirects {

    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> PERMANENT_STATUSES = Set.of(301, 308);

    private final HttpClient client;
    private final int max;

    /** @param max maximum number of redirects */
    Redirects(HttpClient client, int max) {
        this.client = client;
        this.max = max;
    }

    /**
     * The beginning of a response that is no redirect.
     *
     * @param address its own address
     * @param moved the address to use from now on; null if no redirect before it was permanent
     * @param connection to be disposed of by the caller
     */
    record Answer(URI address, @Nullable URI moved, HttpClientResponse response, Connection connection) {

        int status() {
            return response.status().code();
        }
    }

    /** Sends a request and waits until a response begins that is no redirect. */
    Mono<Answer> get(URI uri) {
        return follow(new Step(uri, null, true), max);
    }

    /**
     * A request of a chain.
     *
     * @param isPermanent whether all redirects so far were permanent
     */
    private record Step(URI uri, @Nullable URI moved, boolean isPermanent) {}

    private Mono<Answer> follow(Step step, int remaining) {
        return client.get()
                .uri(step.uri())
                .responseConnection(
                        (response, connection) -> Mono.just(new Answer(step.uri(), step.moved(), response, connection)))
                .single()
                .flatMap(answer -> {
                    var location = answer.response().responseHeaders().get(HttpHeaders.LOCATION);
                    if (!STATUSES.contains(answer.status()) || location == null) {
                        return Mono.just(answer);
                    }
                    answer.connection().dispose();
                    return remaining == 0
                            ? Mono.error(OutboundAddress.notFetched("it redirects more than " + max + " times"))
                            : follow(next(step, answer.status(), location), remaining - 1);
                });
    }

    private static Step next(Step from, int status, String location) {
        try {
            var uri = OutboundAddress.check("url", from.uri().resolve(new URI(location)));
            var isPermanent = from.isPermanent() && PERMANENT_STATUSES.contains(status);
            return new Step(uri, isPermanent ? uri : from.moved(), isPermanent);
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw OutboundAddress.notFetched("it redirects to an invalid address");
        }
    }
}
