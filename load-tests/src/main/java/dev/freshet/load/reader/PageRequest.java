package dev.freshet.load.reader;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;

/**
 * A GET request for a page.
 *
 * @param operation the name under which it is recorded over HTTP/1.1
 * @param target the path with its query
 * @param accept the media type
 * @param etag the entity tag of the page that the reader has; empty if it has none
 */
public record PageRequest(String operation, String target, String accept, String etag) {

    private static final AsciiString ACCEPT = AsciiString.cached("accept");
    private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("accept-encoding");
    private static final AsciiString IF_NONE_MATCH = AsciiString.cached("if-none-match");
    private static final AsciiString GZIP = AsciiString.cached("gzip");
    private static final AsciiString GET = AsciiString.cached("GET");
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString LOCALHOST = AsciiString.cached("localhost");

    String http1() {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept + "\r\nAccept-Encoding: gzip\r\n"
                + (etag.isEmpty() ? "" : "If-None-Match: " + etag + "\r\n") + "\r\n";
    }

    Http2Headers http2() {
        var path = new AsciiString(target);
        var type = new AsciiString(accept);
        return etag.isEmpty()
                ? ReadOnlyHttp2Headers.clientHeaders(
                        false, GET, path, HTTP, LOCALHOST, ACCEPT, type, ACCEPT_ENCODING, GZIP)
                : ReadOnlyHttp2Headers.clientHeaders(
                        false,
                        GET,
                        path,
                        HTTP,
                        LOCALHOST,
                        ACCEPT,
                        type,
                        ACCEPT_ENCODING,
                        GZIP,
                        IF_NONE_MATCH,
                        new AsciiString(etag));
    }
}
