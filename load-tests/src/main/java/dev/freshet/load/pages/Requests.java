package dev.freshet.load.pages;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Requests for pages, as the bytes that are sent. */
final class Requests {

    /** Where every peer serves pages. */
    static final String PATH = "/api/v1/articles";

    static final Map<String, String> JSON = Map.of("Accept", "application/json");
    static final Map<String, String> COMPRESSED = with(JSON, "Accept-Encoding", "gzip");

    // Its buffers are kept as long as the run takes, which is no leak.
    private static final ByteBufAllocator BUFFERS = new UnpooledByteBufAllocator(true, true);

    private Requests() {}

    static Map<String, String> with(Map<String, String> headers, String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return more;
    }

    /** The same one again and again. */
    static Supplier<ByteBuf> same(String path, Map<String, String> headers) {
        return inTurn(List.of(path), headers);
    }

    /** Some, one after the other. */
    static Supplier<ByteBuf> inTurn(List<String> paths, Map<String, String> headers) {
        var requests = paths.stream()
                .map(path -> Unpooled.unreleasableBuffer(BUFFERS.directBuffer()
                        .writeBytes(text(path, headers).getBytes(StandardCharsets.US_ASCII))
                        .asReadOnly()))
                .toList();
        var next = new int[1];
        return () -> requests.get(next[0]++ % requests.size()).duplicate();
    }

    /** A page each time that nobody asked for before. */
    static Supplier<ByteBuf> unique(String query, PageKeys keys) {
        return () -> Unpooled.copiedBuffer(
                text(PATH + "?" + query + "before=" + keys.next(), JSON), StandardCharsets.US_ASCII);
    }

    private static String text(String path, Map<String, String> headers) {
        var text = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString();
    }
}
