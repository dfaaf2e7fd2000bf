package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Freshet.Reply;
import dev.freshet.testing.LogWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;

/** Headers, methods and positions of streams, over real connections. */
class StreamResponseTests {

    private static final String FEED = "/api/v1/articles";
    private static final Freshet INSTANCE = Freshet.shared(Map.of());

    @Test
    void eventStreamNamesItsCharset() {
        var reply = INSTANCE.get(FEED + "?follow=false&format=sse");
        assertThat(reply.headers().getFirst("Content-Type")).isEqualTo("text/event-stream;charset=UTF-8");
        assertThat(reply.headers().getFirst("Incremental")).isEqualTo("?1");
    }

    @ParameterizedTest
    @CsvSource({"sse, ''", "ndjson, ''", "sse, full", "ndjson, full"})
    void lineEndsOfUnicodeAreEscaped(String format, String fields) {
        var tag = UUID.randomUUID().toString();
        var title = "One\u2028two\u2029three\u0085four";
        Freshet.get(new LogWriter(INSTANCE).publish(title, tag));
        var body = INSTANCE.get(
                        FEED + "?follow=false&since=earliest&format=" + format + "&fields=" + fields + "&tag=" + tag)
                .body();
        assertThat(body).contains("One\\u2028two\\u2029three\\u0085four").doesNotContain("\u2028", "\u2029", "\u0085");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-ndjson", "application/ndjson", "application/jsonl"})
    void linesHaveSeveralMediaTypes(String accept) {
        var reply = INSTANCE.get(FEED + "?follow=false", "Accept", accept);
        assertThat(reply.code()).isEqualTo(200);
        assertThat(reply.headers().getFirst("Content-Type")).isEqualTo("application/x-ndjson");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "ndjson"})
    void headHasTheHeadersOfGet(String format) {
        var head = send(HttpMethod.HEAD, FEED + "?format=" + format);
        assertThat(head.code()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().getFirst("Content-Length")).isNull();
        var get = INSTANCE.get(FEED + "?follow=false&format=" + format);
        for (var name : new String[] {"Content-Type", "Cache-Control", "Incremental", "X-Accel-Buffering", "Vary"}) {
            assertThat(head.headers().get(name))
                    .as(name)
                    .isNotNull()
                    .isEqualTo(get.headers().get(name));
        }
        assertThat(send(HttpMethod.HEAD, FEED + "?since=yesterday&format=" + format)
                        .code())
                .isEqualTo(400);
    }

    @Test
    void optionsListTheMethods() {
        var methods = new HttpMethod[] {HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.OPTIONS};
        assertThat(send(HttpMethod.OPTIONS, FEED).headers().getAllow()).containsExactlyInAnyOrder(methods);
        var refused = send(
                HttpMethod.DELETE,
                FEED + "?format=sse",
                "Authorization",
                "Bearer " + INSTANCE.token(dev.freshet.identity.account.Role.AUTHOR));
        assertThat(refused.code()).isEqualTo(405);
        assertThat(refused.headers().getAllow()).containsExactlyInAnyOrder(methods);
    }

    @Test
    void browserStops_whenStreamThatDoesNotFollowIsOver() {
        var tag = UUID.randomUUID().toString();
        var path = FEED + "?format=sse&follow=false&since=earliest&tag=" + tag;
        Freshet.get(new LogWriter(INSTANCE).publish("One", tag));
        Freshet.get(new LogWriter(INSTANCE).publish("Elsewhere", "another-" + tag));
        var first = INSTANCE.get(path).body();
        var last = lastId(first);
        assertThat(first).contains("One");
        var reply = INSTANCE.get(path, "Last-Event-ID", last);
        // Others of the shared instance may publish meanwhile.
        for (var i = 0; i < 1000 && reply.code() == 200; i++) {
            last = lastId(reply.body());
            reply = INSTANCE.get(path, "Last-Event-ID", last);
        }
        assertThat(reply.code()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "ndjson"})
    void positionIsAnnounced_whenStreamDoesNotFollow(String format) {
        var tag = UUID.randomUUID().toString();
        Freshet.get(new LogWriter(INSTANCE).publish("One", tag));
        var last = Freshet.get(new LogWriter(INSTANCE).publish("Elsewhere", "another-" + tag));
        var body = INSTANCE.get(FEED + "?follow=false&announce=true&since=earliest&format=" + format + "&tag=" + tag)
                .body();
        assertThat(body).containsOnlyOnce("\"type\":\"live\"");
        var cursor =
                body.substring(body.indexOf("\"type\":\"live\"")).replaceAll("(?s).*\"cursor\":\"([^\"]*)\".*", "$1");
        // Others of the shared instance may publish meanwhile.
        assertThat(Objects.requireNonNull(Cursor.parse(cursor)).seq()).isGreaterThanOrEqualTo(last.seq());
    }

    private static String lastId(String body) {
        return body.lines()
                .filter(line -> line.startsWith("id:"))
                .reduce((one, other) -> other)
                .orElseThrow()
                .substring(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"the", "and+or", "of+-heron"})
    void searchForStopWordsIsRefused(String q) {
        for (var format : new String[] {"sse", "ndjson"}) {
            var reply = INSTANCE.get(FEED + "?follow=false&format=" + format + "&q="
                    + URLEncoder.encode(q.replace('+', ' '), StandardCharsets.UTF_8));
            assertThat(reply.code()).isEqualTo(400);
            assertThat(reply.body()).contains("common");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"since", "cursor", "lastEventId", "since=latest&lastEventId", "since=earliest&cursor"})
    void positionIsAcceptedInTheQuery(String parameter) {
        var tag = UUID.randomUUID().toString();
        Freshet.get(new LogWriter(INSTANCE).publish("Before", tag));
        var cursor = end();
        Freshet.get(new LogWriter(INSTANCE).publish("After", tag));
        var body = INSTANCE.get(FEED + "?follow=false&format=ndjson&tag=" + tag + "&" + parameter + "=" + cursor)
                .body();
        assertThat(body).contains("\"After\"").doesNotContain("\"Before\"");
    }

    @Test
    void unknownPositionIsReported() {
        assertThat(INSTANCE.get(FEED + "?format=sse&follow=false&cursor=yesterday")
                        .code())
                .isEqualTo(400);
        assertThat(INSTANCE.get(FEED + "?format=sse&follow=false&lastEventId=yesterday")
                        .body())
                .contains("event:reset");
    }

    private static Cursor end() {
        return Freshet.get(INSTANCE.bean(FeedLog.class).extent().map(Extent::end));
    }

    private static Reply send(HttpMethod method, String path, String... headers) {
        return Freshet.get(INSTANCE.send(method, path, null, headers));
    }
}
