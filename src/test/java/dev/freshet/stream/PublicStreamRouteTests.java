package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.Freshet.Reply;
import dev.freshet.testing.LogWriter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;
import reactor.netty.http.server.HttpServerRequest;

class PublicStreamRouteTests {

    private static final String FEED = "/api/v1/articles";
    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    // Any cookie requires the filter chain.
    private static final String[] SLOW = {"Cookie", "theme=dark"};

    @ParameterizedTest
    @CsvSource({
        "?format=sse, '', ''",
        "?tag=a&tag=b&format=ndjson, '', ''",
        "?q=word&format=sse&fields=full, '', ''",
        "'', Accept, text/event-stream",
        "?since=latest, Accept, 'text/html;q=0.1, application/jsonl'",
        "?format=ndjson, Last-Event-ID, 1-1",
    })
    void publicStreamTakesTheFastPath(String query, String name, String value) {
        assertThat(isFast(HttpMethod.GET, FEED + query, name, value)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, ?format=json, '', ''",
        "GET, '', '', ''",
        "GET, '', Accept, application/json",
        "GET, '', Accept, 'text/event-stream;q=0.1, application/json'",
        "HEAD, ?format=sse, '', ''",
        "POST, ?format=sse, '', ''",
        "GET, ?format=sse, Authorization, Bearer x",
        "GET, ?format=sse, Cookie, a=b",
        "GET, ?format=sse, Content-Encoding, gzip",
        "GET, ?format=sse&ticket=x, '', ''",
        "GET, ?format=sse&%74icket=x, '', ''",
        "GET, ?format=sse&following=true, '', ''",
        "GET, ?format=sse&unknown=1, '', ''",
        "GET, ?format=sse&since=yesterday, '', ''",
        "GET, ?format=sse&fields=title, '', ''",
        "GET, ?format=sse&q=%22, '', ''",
        "GET, ?format=sse&tag=%zz, '', ''",
        "GET, /other?format=sse, '', ''",
    })
    void otherRequestIsLeftToTheFilterChain(String method, String query, String name, String value) {
        assertThat(isFast(HttpMethod.valueOf(method), FEED + query, name, value))
                .isFalse();
    }

    private static boolean isFast(HttpMethod method, String uri, String name, String value) {
        var headers = new DefaultHttpHeaders();
        if (!name.isEmpty()) {
            headers.set(name, value);
        }
        var request = Mockito.mock(HttpServerRequest.class);
        Mockito.when(request.method()).thenReturn(method);
        Mockito.when(request.uri()).thenReturn(uri);
        Mockito.when(request.requestHeaders()).thenReturn(headers);
        return INSTANCE.bean(PublicStreamRoute.class).parse(request) != null;
    }

    @ParameterizedTest
    @CsvSource({
        "sse, since=earliest&follow=false",
        "ndjson, since=earliest&follow=false&announce=true",
        "sse, since=earliest&follow=false&fields=full",
        // A cursor of another history.
        "sse, cursor=1-1&follow=false",
        "ndjson, cursor=1-1&follow=false",
    })
    void responseEqualsThatOfTheFilterChain(String format, String query) {
        var tag = UUID.randomUUID().toString();
        Freshet.get(new LogWriter(INSTANCE).publish("One", tag));
        Freshet.get(new LogWriter(INSTANCE).publish("Two", tag));
        var path = FEED + "?format=" + format + "&tag=" + tag + "&" + query;
        var fast = INSTANCE.get(path);
        var slow = INSTANCE.get(path, SLOW);
        assertThat(fast.status()).isEqualTo(slow.status());
        assertThat(headers(fast)).isEqualTo(headers(slow));
        assertThat(events(fast)).isEqualTo(events(slow));
    }

    private static Map<String, List<String>> headers(Reply reply) {
        var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        reply.headers()
                .forEach((name, values) ->
                        headers.put(name, values.stream().sorted().toList()));
        return headers;
    }

    /** Without positions, which others of the shared instance move. */
    private static List<String> events(Reply reply) {
        return reply.body().lines().filter(line -> line.contains("title")).toList();
    }

    @Test
    void requestIsCountedLikeOneOfTheFilterChain() {
        var timer = INSTANCE.bean(MeterRegistry.class)
                .get("http.server.requests")
                .tags("method", "GET", "status", "204", "uri", FEED);
        awaitEnd(SLOW);
        var before = timer.timer().count();
        awaitEnd();
        assertThat(timer.timers()).hasSize(1);
        assertThat(timer.timer().count()).isGreaterThan(before);
    }

    /** Returns to a stream that does not follow, until no event of another test is left. */
    private static void awaitEnd(String... headers) {
        Freshet.until(() -> {
            var path = FEED + "?format=sse&follow=false&lastEventId=" + position();
            return INSTANCE.get(path, headers).code() == 204;
        });
    }

    private static String position() {
        return INSTANCE.get(FEED + "?limit=1").text("cursor");
    }
}
