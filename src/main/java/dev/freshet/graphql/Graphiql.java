package dev.freshet.graphql;

import dev.freshet.platform.http.SecurityHeaders;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The page {@code /graphiql}, an editor for documents. All its files come from this server. */
final class Graphiql {

    private static final String PATH = "/graphiql";
    private static final String LIBRARIES = "META-INF/resources/webjars/";

    /** The editor sets styles by script, and its style sheet contains its font. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'";

    /**
     * A file of the page.
     *
     * @param path in the class path
     */
    private record File(String path, String type) {}

    private static final File PAGE = new File("graphql/graphiql/index.html", "text/html;charset=utf-8");
    private static final Map<String, File> FILES = Map.of(
            "start.js", script("graphql/graphiql/start.js"),
            "start.css", style("graphql/graphiql/start.css"),
            "graphiql.js", script(LIBRARIES + "graphiql/2.4.7/graphiql.min.js"),
            "graphiql.css", style(LIBRARIES + "graphiql/2.4.7/graphiql.min.css"),
            "react.js", script(LIBRARIES + "react/18.2.0/umd/react.production.min.js"),
            "react-dom.js", script(LIBRARIES + "react-dom/18.2.0/umd/react-dom.production.min.js"));

    private final Scheduler scheduler;

    /** @param scheduler reads the files, so its threads may block */
    Graphiql(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    RouterFunction<ServerResponse> route() {
        return RouterFunctions.route(RequestPredicates.GET(PATH), request -> write(PAGE))
                .andRoute(RequestPredicates.GET(PATH + "/{name}"), this::file);
    }

    private Mono<ServerResponse> file(ServerRequest request) {
        var file = FILES.get(request.pathVariable("name"));
        return file == null ? ServerResponse.notFound().build() : write(file);
    }

    private Mono<ServerResponse> write(File file) {
        return Mono.fromCallable(() -> new ClassPathResource(file.path()).getContentAsByteArray())
                .subscribeOn(scheduler)
                .flatMap(bytes -> Responses.body(
                        ServerResponse.ok()
                                .header(HttpHeaders.CONTENT_TYPE, file.type())
                                .header(HttpHeaders.CACHE_CONTROL, "private, max-age=600")
                                .header(SecurityHeaders.POLICY, POLICY),
                        bytes));
    }

    private static File script(String path) {
        return new File(path, "text/javascript;charset=utf-8");
    }

    private static File style(String path) {
        return new File(path, "text/css;charset=utf-8");
    }
}
