package dev.freshet.platform.outbound;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import io.netty.channel.ChannelOption;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * Fetches whole documents for clients that return: each status is a result, with its headers. Only public addresses are
 * contacted, over http and https. Size, time and redirects are bounded. Safe for use by any thread.
 */
public final class DocumentFetcher {

    private static final Set<Integer> STATUSES_WITH_DOCUMENT = Set.of(200, 226);

    private final FetchSettings settings;
    private final OutboundResources resources;

    DocumentFetcher(FetchSettings settings, OutboundResources resources) {
        this.settings = settings;
        this.resources = resources;
    }

    /**
     * A request.
     *
     * @param headers sent with each redirect too
     * @param maxBytes maximum size of the document, decompressed
     * @param timeout maximum time of the whole exchange
     */
    public record Request(URI address, Map<String, String> headers, int maxBytes, Duration timeout) {}

    /**
     * A response.
     *
     * @param address its own address, after redirects
     * @param moved the address to use from now on; null if it is the one of the request
     * @param body empty unless the status is 200 or 226
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    public record Document(
            int status, URI address, @Nullable URI moved, HttpHeaders headers, byte[] body) {}

    /**
     * Fetches a document.
     *
     * @return fails with a problem if no whole response arrives within the bounds
     */
    public Mono<Document> get(Request request) {
        return Mono.defer(() -> new Redirects(client(request), settings.redirects()).get(request.address()))
                .flatMap(answer -> document(answer, request.maxBytes())
                        .doFinally(end -> answer.connection().dispose()))
                .subscribeOn(resources.threads())
                // Also bounds the wait for a thread.
                .timeout(request.timeout())
                .onErrorMap(failure -> problem(failure, request.timeout()));
    }

    private HttpClient client(Request request) {
        return HttpClient.create(ConnectionProvider.newConnection())
                .runOn(resources.loops().get())
                .resolver(resources.resolvers())
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(settings.silence().toMillis()))
                .responseTimeout(settings.silence())
                .disableRetry(true)
                .compress(true)
                .headers(headers -> {
                    headers.set(HttpHeaders.USER_AGENT, "Freshet");
                    request.headers().forEach(headers::set);
                });
    }

    private static Mono<Document> document(Redirects.Answer answer, int maxBytes) {
        if (!STATUSES_WITH_DOCUMENT.contains(answer.status())) {
            return Mono.just(document(answer, new byte[0]));
        }
        return answer.connection()
                .inbound()
                .receive()
                .asByteArray()
                .reduceWith(ByteArrayOutputStream::new, (body, bytes) -> append(body, bytes, maxBytes))
                .map(body -> document(answer, body.toByteArray()));
    }

    private static ByteArrayOutputStream append(ByteArrayOutputStream body, byte[] bytes, int maxBytes) {
        if (body.size() + bytes.length > maxBytes) {
            throw Problem.CONTENT_TOO_LARGE.because("The response exceeds the limit of " + maxBytes + " bytes.");
        }
        body.write(bytes, 0, bytes.length);
        return body;
    }

    private static Document document(Redirects.Answer answer, byte[] body) {
        return new Document(answer.status(), answer.address(), answer.moved(), headers(answer.response()), body);
    }

    private static HttpHeaders headers(HttpClientResponse response) {
        var headers = new HttpHeaders();
        response.responseHeaders().forEach(header -> headers.add(header.getKey(), header.getValue()));
        return headers;
    }

    private static ProblemException problem(Throwable failure, Duration timeout) {
        return switch (failure) {
            case ProblemException problem -> problem;
            case TimeoutException late ->
                OutboundAddress.notFetched("its server takes longer than " + timeout.toMillis() / 1000.0 + " s");
            default -> OutboundAddress.notFetched(OutboundAddress.unreachable(failure, "breaks off its response"));
        };
    }
}
