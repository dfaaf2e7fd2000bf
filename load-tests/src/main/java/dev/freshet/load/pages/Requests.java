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

/** Requests for pages, as the bytes on the wire. */
public final class Requests {

    /** The path at which every peer serves pages. */
    public static final String PATH = "/api/v1/articles";

    static final Map<String, String> JSON = Map.of("Accept", "application/json");
    public static final Map<String, String> COMPRESSED = with(JSON, "Accept-Encoding", "gzip");

    // The buffers live as long as the run, which is not a leak.
    private static final ByteBufAllocator BUFFERS = new UnpooledByteBufAllocator(true, true);

    private Requests() {}

    static Map<String, String> with(Map<String, String> headers, String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return more;
    }

    /** Returns the same request every time. */
    public static Supplier<ByteBuf> same(String path, Map<String, String> headers) {
        return inTurn(List.of(path), headers);
    }

    /** Returns some requests in turn. */
    static Supplier<ByteBuf> inTurn(List<String> paths, Map<String, String> headers) {
        var requests = paths.stream()
                .map(path -> Unpooled.unreleasableBuffer(BUFFERS.directBuffer()
                        .writeBytes(text(path, headers).getBytes(StandardCharsets.US_ASCII))
                        .asReadOnly()))
                .toList();
        var next = new int[1];
        return () -> requests.get(next[0]++ % requests.size()).duplicate();
    }

    /** Returns a request for a page that was never requested before. */
    static Supplier<ByteBuf> unique(String query, PageKeys keys) {
        return each(() -> PATH + "?" + query + "before=" + keys.next());
    }

    /** Returns requests of which each has another path. */
    static Supplier<ByteBuf> each(Supplier<String> paths) {
        return () -> Unpooled.copiedBuffer(text(paths.get(), JSON), StandardCharsets.US_ASCII);
    }

    private static String text(String path, Map<String, String> headers) {
        var text = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString();
    }
}
