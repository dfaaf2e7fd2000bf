package dev.freshet.read.page;

import dev.freshet.feed.FeedParameters;
import dev.freshet.feed.FeedRequest;
import dev.freshet.feed.FeedResponder;
import dev.freshet.feed.FeedSettings;
import dev.freshet.platform.http.Representation;
import io.netty.buffer.ByteBuf;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The handler of pages: parses the parameters of pages, and writes the response of {@link PageResponder}. */
public final class PageHandler implements FeedResponder {

    private final PageRequestParser parser;
    private final PageResponder responder;
    private final FeedSettings settings;
    private final Set<Representation> representations;

    /** @param rendered the representations that have a {@link PageRenderer} */
    PageHandler(
            PageRequestParser parser, PageResponder responder, FeedSettings settings, Set<Representation> rendered) {
        if (!rendered.contains(Representation.HTML)) {
            throw new IllegalStateException("No PageRenderer renders " + Representation.HTML);
        }
        this.settings = settings;
        this.parser = parser;
        this.responder = responder;
        this.representations =
                Representation.OF_FEEDS.stream().filter(rendered::contains).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the representations that have a renderer and are negotiated. */
    @Override
    public Set<Representation> representations() {
        return representations;
    }

    @Override
    public Mono<ServerResponse> respond(ServerRequest request, FeedRequest requested) {
        return respond(
                request,
                parser.feed(
                        requested.parameters(), requested.feed(), requested.representation(), () -> origin(request)));
    }

    /** Responds with the reader's page of a feed, which is never negotiated. */
    public Mono<ServerResponse> respondAsHtml(ServerRequest request) {
        return FeedRequest.of(request, Representation.HTML, settings).flatMap(requested -> respond(request, requested));
    }

    /** Responds with a part of the directory of feeds. */
    Mono<ServerResponse> respondWithDirectory(ServerRequest request) {
        return Mono.defer(() -> respond(request, parser.directory(FeedParameters.of(request), () -> origin(request))));
    }

    /** Responds with a page. */
    Mono<ServerResponse> respond(ServerRequest request, PageRequest pageRequest) {
        return responder.respond(pageRequest, request.headers().asHttpHeaders()).flatMap(PageHandler::write);
    }

    private static String origin(ServerRequest request) {
        return PageRequestParser.origin(request.uri());
    }

    private static Mono<ServerResponse> write(PageResponse page) {
        var response = ServerResponse.status(page.status())
                .headers(headers -> page.headers().forEach(header -> headers.set(header.getKey(), header.getValue())));
        var body = page.body();
        return body == null
                ? response.build()
                : response.body(
                        (message, context) -> message.writeWith(Mono.just(wrap(message.bufferFactory(), body))));
    }

    private static DataBuffer wrap(DataBufferFactory factory, ByteBuf body) {
        return factory instanceof NettyDataBufferFactory netty ? netty.wrap(body) : factory.wrap(body.nioBuffer());
    }
}
