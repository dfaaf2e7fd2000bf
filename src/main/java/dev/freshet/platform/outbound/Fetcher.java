package dev.freshet.platform.outbound;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import io.netty.channel.ChannelOption;
import java.net.URI;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * Fetches addresses that users name: only public ones, over http and https, bounded in size, time and redirects. Each
 * redirect is checked like the first address. The request carries nothing about the user. Failures are problems for
 * that user and reveal nothing about the internal network.
 */
public final class Fetcher {

    private final FetchSettings settings;
    private final OutboundResources resources;
    private final Semaphore slots;

    Fetcher(FetchSettings settings, OutboundResources resources) {
        this.settings = settings;
        this.resources = resources;
        this.slots = new Semaphore(settings.atOnce());
    }

    /**
     * A fetched resource.
     *
     * @param address its own address, after redirects
     * @param type the media type; null where the server sends none that is valid
     * @param body to be subscribed to once and soon, since the connection stays open until then; fails with a problem
     */
    public record Fetched(URI address, @Nullable MediaType type, Flux<DataBuffer> body) {}

    /**
     * Sends a request and waits until the response begins.
     *
     * @param accept the media types that are useful
     * @return fails with a problem, also where the status is no success
     */
    public Mono<Fetched> fetch(String address, String accept) {
        return Mono.defer(() -> {
            var uri = OutboundAddress.parse("url", address);
            if (!slots.tryAcquire()) {
                return Mono.error(
                        Problem.UNAVAILABLE.because("The server is fetching too many addresses. Retry later."));
            }
            var held = new AtomicBoolean(true);
            Runnable release = () -> {
                if (held.getAndSet(false)) {
                    slots.release();
                }
            };
            return Mono.defer(() -> follow(uri, accept))
                    .subscribeOn(resources.threads())
                    .map(answer -> fetched(answer, release))
                    // Also bounds the wait for a thread.
                    .timeout(settings.longest())
                    .onErrorMap(Fetcher::problem)
                    .doOnError(failure -> release.run())
                    .doOnCancel(release);
        });
    }

    private Mono<Redirects.Answer> follow(URI uri, String accept) {
        return new Redirects(client(accept), settings.redirects()).get(uri).flatMap(answer -> {
            if (answer.status() == 200) {
                return Mono.just(answer);
            }
            answer.connection().dispose();
            return Mono.error(OutboundAddress.notFetched("its server returns the status " + answer.status()));
        });
    }

    private HttpClient client(String accept) {
        return HttpClient.create(ConnectionProvider.newConnection())
                .runOn(resources.loops().get())
                .resolver(resources.resolvers())
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(settings.silence().toMillis()))
                .responseTimeout(settings.silence())
                .disableRetry(true)
                .compress(true)
                .headers(headers -> headers.set(HttpHeaders.ACCEPT, accept).set(HttpHeaders.USER_AGENT, "Freshet"));
    }

    private Fetched fetched(Redirects.Answer answer, Runnable release) {
        // Applies also where the body is never subscribed to: the connection closes after the silence.
        answer.connection().onDispose(release::run);
        Runnable end = () -> {
            answer.connection().dispose();
            release.run();
        };
        var size = new AtomicLong();
        var maxBytes = settings.maxSize().toBytes();
        var body = answer.connection()
                .inbound()
                .receive()
                .asByteArray()
                .<DataBuffer>handle((bytes, sink) -> {
                    if (size.addAndGet(bytes.length) > maxBytes) {
                        sink.error(Problem.CONTENT_TOO_LARGE.because(
                                "The response exceeds the limit of " + maxBytes + " bytes."));
                    } else {
                        sink.next(DefaultDataBufferFactory.sharedInstance.wrap(bytes));
                    }
                })
                .takeUntilOther(Mono.delay(settings.longest())
                        .then(Mono.error(() ->
                                OutboundAddress.notFetched("its server takes longer than " + settings.longest()))))
                .onErrorMap(Fetcher::problem)
                // Released before the end is signalled, so that the next fetch finds a free slot.
                .doOnTerminate(end)
                .doOnCancel(end);
        return new Fetched(answer.address(), type(answer.response()), body);
    }

    private static @Nullable MediaType type(HttpClientResponse response) {
        var type = response.responseHeaders().get(HttpHeaders.CONTENT_TYPE);
        try {
            return type == null ? null : MediaType.parseMediaType(type);
        } catch (InvalidMediaTypeException e) {
            return null;
        }
    }

    private static ProblemException problem(Throwable failure) {
        return failure instanceof ProblemException problem
                ? problem
                : OutboundAddress.notFetched(OutboundAddress.unreachable(failure, "breaks off its response"));
    }
}
