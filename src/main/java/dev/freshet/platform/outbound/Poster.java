package dev.freshet.platform.outbound;

import dev.freshet.platform.problem.Problem;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpHeaders;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * Sends POST and GET requests to addresses that users name: only to public ones, over http and https, bounded in time.
 * Redirects are not followed. Connections are used again. Safe for use by any thread.
 */
public final class Poster implements DisposableBean {

    // Longer than any acknowledgement or challenge.
    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final int MAX_CONNECTIONS_PER_HOST = 64;
    private static final Duration MAX_IDLE_TIME = Duration.ofSeconds(20);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final OutboundResources resources;
    // Created by the first request, since most instances send none.
    private final SingletonSupplier<ConnectionProvider> connections =
            SingletonSupplier.of(() -> ConnectionProvider.builder("outbound")
                    .maxConnections(MAX_CONNECTIONS_PER_HOST)
                    .pendingAcquireMaxCount(MAX_CONNECTIONS_PER_HOST)
                    .maxIdleTime(MAX_IDLE_TIME)
                    .evictInBackground(MAX_IDLE_TIME)
                    .build());
    private volatile boolean used;

    Poster(OutboundResources resources) {
        this.resources = resources;
    }

    /**
     * A response.
     *
     * @param retryAfter the value of {@code Retry-After}; null if the response has none
     * @param body its first 64 KiB
     */
    public record Reply(int status, @Nullable String retryAfter, String body) {}

    /**
     * Sends a POST request and waits for the response.
     *
     * @param headers called on a thread that may compute, for signatures
     * @param timeout maximum time of the whole exchange
     * @return fails with {@link Problem#UNREACHABLE_ADDRESS} if no response arrives
     */
    public Mono<Reply> post(URI address, Supplier<Map<String, String>> headers, byte[] body, Duration timeout) {
        return reply(
                () -> client().headers(all -> {
                            headers.get().forEach(all::set);
                            all.set(HttpHeaders.CONTENT_LENGTH, body.length);
                        })
                        .post()
                        .uri(address)
                        .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body))),
                timeout);
    }

    /**
     * Sends a GET request and waits for the response.
     *
     * @param timeout maximum time of the whole exchange
     * @return fails with {@link Problem#UNREACHABLE_ADDRESS} if no response arrives
     */
    public Mono<Reply> get(URI address, Duration timeout) {
        return reply(() -> client().get().uri(address), timeout);
    }

    private HttpClient client() {
        used = true;
        return HttpClient.create(connections.obtain())
                .runOn(resources.loops().get())
                .resolver(resources.resolvers())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(CONNECT_TIMEOUT.toMillis()))
                .headers(headers -> headers.set(HttpHeaders.USER_AGENT, "Freshet"));
    }

    private Mono<Reply> reply(Supplier<HttpClient.ResponseReceiver<?>> request, Duration timeout) {
        return Flux.defer(() -> request.get()
                        .response((response, content) -> content.asByteArray()
                                .scanWith(ByteArrayOutputStream::new, Poster::append)
                                .takeUntil(read -> read.size() >= MAX_BODY_BYTES)
                                .last()
                                .map(read -> new Reply(
                                        response.status().code(),
                                        response.responseHeaders().get(HttpHeaders.RETRY_AFTER),
                                        read.toString(StandardCharsets.UTF_8)))))
                .single()
                .subscribeOn(resources.threads())
                // Also bounds the wait for a thread.
                .timeout(timeout)
                .onErrorMap(failure -> Problem.UNREACHABLE_ADDRESS.because("The address cannot be reached: "
                        + OutboundAddress.unreachable(failure, "does not respond within " + timeout.toSeconds() + " s")
                        + "."));
    }

    private static ByteArrayOutputStream append(ByteArrayOutputStream read, byte[] bytes) {
        read.write(bytes, 0, Math.min(bytes.length, MAX_BODY_BYTES - read.size()));
        return read;
    }

    @Override
    public void destroy() {
        if (used) {
            // Connections of an event loop that has ended are closed already.
            connections.obtain().disposeLater().onErrorComplete().subscribe();
        }
    }
}
