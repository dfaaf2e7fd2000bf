package dev.freshet.read.page;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Feeds for readers that have an earlier version (RFC 3229). */
class FeedDeltaTests {

    private static final Pattern TITLE = Pattern.compile("Entry \\w+");
    private static final AtomicInteger TAGS = new AtomicInteger();

    private static Freshet instance;
    private static LogWriter writer;

    private final String tag = "delta-" + TAGS.incrementAndGet();

    @BeforeAll
    static void start() {
        instance = Freshet.shared(Map.of());
        writer = new LogWriter(instance);
    }

    private String path(String format) {
        return "/api/v1/articles?format=" + format + "&tag=" + tag;
    }

    private void publish(String... titles) {
        Arrays.stream(titles).forEach(title -> get(writer.publish("Entry " + title, tag)));
    }

    private static List<String> titles(Freshet.Reply reply) {
        return TITLE.matcher(reply.body())
                .results()
                .map(found -> found.group().substring(6))
                .distinct()
                .toList();
    }

    private static Freshet.Reply delta(String path, String etag, String... headers) {
        var all = new ArrayList<>(List.of("A-IM", "feed", "If-None-Match", etag));
        all.addAll(List.of(headers));
        return instance.get(path, all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"atom", "rss", "json-feed"})
    void readerReceivesOnlyNewEntries(String format) {
        publish("One", "Two");
        var first = instance.get(path(format));
        publish("Three");
        for (var headers :
                List.of(new String[0], new String[] {"Authorization", "Bearer " + instance.token(Role.READER)})) {
            var delta = delta(path(format), first.etag(), headers);
            assertThat(delta.code()).isEqualTo(226);
            assertThat(titles(delta)).containsExactly("Three");
            assertThat(delta.headers().getFirst("IM")).isEqualTo("feed");
            assertThat(delta.headers().getCacheControl()).isEqualTo("no-store");
            assertThat(delta.headers().getFirst("Vary")).contains("A-IM");
            assertThat(delta.headers().getContentType())
                    .isEqualTo(first.headers().getContentType());
            assertThat(delta.etag()).isEqualTo(instance.get(path(format)).etag());
            assertThat(delta(path(format), delta.etag(), headers).code()).isEqualTo(304);
        }
    }

    @Test
    void changedEntryIsInTheDelta() {
        var id = UUID.randomUUID();
        get(writer.publish(id, "Entry Moved", tag + "-other"));
        publish("One");
        var first = instance.get(path("atom"));
        get(writer.retag(id, tag + "-other", tag));
        publish("Two");

        assertThat(titles(delta(path("atom"), first.etag()))).containsExactlyInAnyOrder("Moved", "Two");
    }

    @Test
    void withdrawnEntryIsNot() {
        var id = UUID.randomUUID();
        publish("One");
        var first = instance.get(path("atom"));
        get(writer.publish(id, "Entry Gone", tag));
        get(writer.withdraw(id, tag));

        var delta = delta(path("atom"), first.etag());
        assertThat(delta.code()).isEqualTo(226);
        assertThat(titles(delta)).isEmpty();
    }

    @Test
    void versionOfAnotherFormatHasNoDelta() {
        publish("One");
        var rss = instance.get(path("rss")).etag();
        publish("Two");

        assertThat(delta(path("atom"), rss).code()).isEqualTo(200);
        assertThat(delta(path("atom"), "\"x\"").code()).isEqualTo(200);
        assertThat(delta(path("json"), instance.get(path("json")).etag()).code())
                .isEqualTo(304);
        assertThat(instance.get(path("rss"), "If-None-Match", rss).code()).isEqualTo(200);
        assertThat(instance.get(path("rss"), "If-None-Match", rss, "A-IM", "vcdiff, gzip")
                        .code())
                .isEqualTo(200);
        assertThat(instance.get(path("rss"), "If-None-Match", rss, "A-IM", "vcdiff, FEED;q=1")
                        .code())
                .isEqualTo(226);
    }

    @Test
    void otherHistoryAndManyChangesGiveTheWholePage() {
        publish("One");
        var first = instance.get(path("atom"));
        get(writer.publishAll(201, "Entry", tag));
        assertThat(delta(path("atom"), first.etag()).code()).isEqualTo(200);

        var seq = get(instance.bean(FeedLog.class).extent()).last();
        var foreign = first.etag().replaceFirst("\"[0-9a-f]+-\\d+", "\"1-" + seq);
        assertThat(delta(path("atom"), foreign).code()).isEqualTo(200);
    }

    @Test
    void readerWithDeltasHasAllEntries() {
        publish("Start");
        var read = new LinkedHashSet<String>();
        var first = instance.get(path("atom"));
        read.addAll(titles(first));
        var etag = first.etag();
        for (var i = 0; i < 15; i++) {
            publish("A" + i);
            if (i % 3 == 0) {
                var delta = delta(path("atom"), etag);
                etag = delta.etag();
                read.addAll(titles(delta));
            }
        }
        read.addAll(titles(delta(path("atom"), etag)));
        assertThat(read).containsExactlyInAnyOrderElementsOf(titles(instance.get(path("atom"))));
    }
}
