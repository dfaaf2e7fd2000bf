package dev.freshet.load.pages;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.netty.http.server.HttpServer;

/** A peer: Reactor Netty with one handler that only sends the recorded bytes and headers. */
final class BareNetty {

    private BareNetty() {}

    /** @param args the port, the response, and the response to clients that have it already */
    public static void main(String... args) {
        var page = RecordedResponse.read(args[1]);
        var unchanged = RecordedResponse.read(args[2]);
        var pageHeaders = headers(page).set(HttpHeaderNames.CONTENT_LENGTH, page.body().length);
        var unchangedHeaders = headers(unchanged);
        HttpServer.create()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .handle((request, response) -> {
                    if (page.etag().equals(request.requestHeaders().get(HttpHeaderNames.IF_NONE_MATCH))) {
                        return response.status(unchanged.status())
                                .headers(unchangedHeaders.copy())
                                .send();
                    }
                    return response.headers(pageHeaders.copy()).sendObject(Unpooled.wrappedBuffer(page.body()));
                })
                .bindNow()
                .onDispose()
                .block();
    }

    private static HttpHeaders headers(RecordedResponse answer) {
        var headers = new DefaultHttpHeaders();
        answer.headers().forEach(headers::add);
        return headers;
    }
}
