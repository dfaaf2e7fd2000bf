package dev.freshet.platform.http;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Gives up on a request whose body comes too slowly: after a time of grace, slower on average than so much in a second. The
 * body of an import may take for ever, since a publisher may send articles as they are written, but it may not pause for
 * long. Only the time counts in which the server waits for the client, never that in which the client waits for it.
 */
public final class RequestBodyTimeout implements HttpHandlerDecoratorFactory {

    // Nothing reads what comes with one of these.
    private static final Set<HttpMethod> WITHOUT_BODY = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    /** Whose bodies may be large, slow and packed. */
    static final PathPattern IMPORTS = PathPatternParser.defaultInstance.parse("/api/v1/imports");

    /** It is looked so often in the time that is granted. */
    private static final int LOOKS = 4;

    private final Duration bodyTime;
    private final long bodyRate;
    private final Duration importPause;

    /**
     * @param bodyTime the time of grace
     * @param bodyRate bytes in a second
     * @param importPause how long an import may pause
     */
    public RequestBodyTimeout(Duration bodyTime, long bodyRate, Duration importPause) {
        this.bodyTime = bodyTime;
        this.bodyRate = bodyRate;
        this.importPause = importPause;
    }

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> handler.handle(
                WITHOUT_BODY.contains(request.getMethod()) ? request : new TimedRequest(request), response);
    }

    private final class TimedRequest extends ServerHttpRequestDecorator {

        TimedRequest(ServerHttpRequest request) {
            super(request);
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return IMPORTS.matches(getPath().pathWithinApplication())
                    ? ofImport(super.getBody())
                    : inTime(super.getBody());
        }
    }

    Flux<DataBuffer> inTime(Flux<DataBuffer> body) {
        return timed(
                body,
                bodyTime,
                waiting -> waiting.inAll().compareTo(bodyTime.plusSeconds(waiting.bytes() / bodyRate)) > 0,
                "The body took more than " + bodyTime.toSeconds() + " seconds, and came with less than " + bodyRate
                        + " bytes in a second.");
    }

    Flux<DataBuffer> ofImport(Flux<DataBuffer> body) {
        return timed(
                body,
                importPause,
                waiting -> waiting.forThis().compareTo(importPause) > 0,
                "Nothing came for more than " + importPause.toSeconds()
                        + " seconds. Where there is no article to send, send a line break now and then.");
    }

    private static Flux<DataBuffer> timed(
            Flux<DataBuffer> body, Duration granted, Predicate<BodyReadTime> isTooLong, String detail) {
        return Flux.defer(() -> {
            var clock = Schedulers.parallel();
            var waiting = new BodyReadTime(clock);
            var givenUp = Flux.interval(granted.dividedBy(LOOKS), clock)
                    .filter(look -> isTooLong.test(waiting))
                    .next()
                    .flatMap(look -> Mono.<Long>error(() -> tooSlow(detail)));
            return body.doOnRequest(waiting::asked)
                    .doOnNext(part -> waiting.came(part.readableByteCount()))
                    .takeUntilOther(givenUp);
        });
    }

    /** The rest of the request is still to come, so nothing else can be asked on this connection. */
    private static ProblemException tooSlow(String detail) {
        var problem = Problem.TOO_SLOW.because(detail);
        problem.getHeaders().set(HttpHeaders.CONNECTION, "close");
        return problem;
    }
}
