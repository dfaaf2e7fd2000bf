package dev.freshet.load.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseParserTests {

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK|Content-Length: 5|ETag: \"x\"||Hello, 200, 5",
        "HTTP/1.1 200 OK|content-length:0||, 200, 0",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|Hello|a;x=y|0123456789|0||, 200, 15",
        "HTTP/1.1 200 OK|transfer-encoding: chunked||0|Digest: x||, 200, 0",
        "HTTP/1.1 304 Not Modified|Content-Length: 12000||, 304, 0",
        "HTTP/1.1 404 Not Found|Content-Length: 2||{}, 404, 2"
    })
    void readsAResponseInChunksOfAnySize(String lines, int status, long length) {
        var text = lines.replace("|", "\r\n");
        for (var cut = 0; cut < text.length(); cut++) {
            var reader = new ResponseParser();
            var first = Unpooled.copiedBuffer(text.substring(0, cut), StandardCharsets.US_ASCII);
            assertThat(reader.read(first)).isFalse();
            var rest = Unpooled.wrappedBuffer(
                    first, Unpooled.copiedBuffer(text.substring(cut), StandardCharsets.US_ASCII));
            assertThat(reader.read(rest)).isTrue();
            assertThat(rest.isReadable()).isFalse();
            assertThat(reader.status()).isEqualTo(status);
            assertThat(reader.length()).isEqualTo(length);
            assertThat(reader.etag()).isEqualTo(lines.contains("ETag") ? "\"x\"" : "");
        }
    }

    @ParameterizedTest
    @CsvSource({"200, 304", "304, 200"})
    void readsConsecutiveResponses(int one, int other) {
        var reader = new ResponseParser();
        for (var status : new int[] {one, other}) {
            reader.expectNext();
            var body = status == 304 ? "" : "Hello";
            var answer = Unpooled.copiedBuffer(
                    "HTTP/1.1 " + status + " x\r\nContent-Length: 5\r\n\r\n" + body, StandardCharsets.US_ASCII);
            assertThat(reader.read(answer)).isTrue();
            assertThat(reader.status()).isEqualTo(status);
            assertThat(reader.length()).isEqualTo(body.length());
        }
    }
}
