package dev.freshet.read.page;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Feed;
import dev.freshet.identity.account.Role;
import dev.freshet.platform.http.Representation;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Freshet.Reply;
import dev.freshet.testing.RedisServerUnderTest;
import dev.freshet.testing.Stores;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

/** Cached pages of two instances while articles of any time are written. */
class PagePeriodTests {

    private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
    private static final List<String> TAGS = List.of("birds", "fish");
    private static final String HIT = "freshet; hit; detail=near";

    private static RedisServerUnderTest redis;
    private static Freshet one;
    private static Freshet two;
    private static String token;

    @BeforeAll
    static void start() {
        redis = RedisServerUnderTest.started();
        var database = Stores.database();
        one = Freshet.start(database, redis.url(), Map.of("freshet.samples", "false"));
        two = Freshet.start(database, redis.url(), Map.of("freshet.samples", "false"));
        token = one.token(Role.EDITOR);
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
        redis.close();
    }

    @Test
    void cachedPagesEqualThoseOfTheStore() {
        var random = new Random(20_261_130);
        var ids = new ArrayList<UUID>();
        var hits = 0;
        var pages = 0;
        for (var step = 0; step < 250; step++) {
            var cursor = change(random.nextInt(2) == 0 ? one : two, random, ids);
            for (var read = 0; read < 4; read++) {
                var instance = random.nextInt(2) == 0 ? one : two;
                var tag = TAGS.get(random.nextInt(2));
                var limit = 3 + 4 * random.nextInt(2);
                var path = "/api/v1/articles?tag=" + tag + "&limit=" + limit + "&cursor=" + cursor;
                PageKey key = null;
                // As many pages as the reader happens to want.
                do {
                    var reply = instance.get(key == null ? path : path + "&before=" + key);
                    var stored = get(
                            one.bean(FeedPages.class).read(new Feed(tag, null, null, null), key, limit, false, true));
                    assertThat(versions(reply.json()))
                            .as("step %s, %s before %s", step, path, key)
                            .isEqualTo(stored.items().stream()
                                    .map(article -> article.id() + " " + article.version())
                                    .toList());
                    assertThat(reply.json().path("next").isString()).isEqualTo(stored.next() != null);
                    pages++;
                    hits += HIT.equals(reply.headers().getFirst("Cache-Status")) ? 1 : 0;
                    key = stored.next();
                } while (key != null && random.nextInt(4) > 0);
            }
        }
        // Otherwise, the comparison shows little.
        assertThat(hits).isBetween(pages / 5, pages * 4 / 5);
    }

    private static List<String> versions(JsonNode page) {
        return page.path("items")
                .valueStream()
                .map(item ->
                        item.path("id").asString() + " " + item.path("version").asString())
                .toList();
    }

    /** Publishes, updates, moves or withdraws an article, and returns the position of the event. */
    private static String change(Freshet instance, Random random, List<UUID> ids) {
        var kind = ids.size() < 20 ? 0 : random.nextInt(6);
        var at = START.plus(Duration.ofDays(random.nextInt(100)));
        if (kind < 4) {
            var created = create(instance, article(random, at));
            ids.add(UUID.fromString(created.text("id")));
            return cursor(created);
        }
        var id = ids.get(random.nextInt(ids.size()));
        if (kind == 4) {
            return cursor(write(instance, HttpMethod.PUT, "/" + id, article(random, at)));
        }
        ids.remove(id);
        return cursor(write(instance, HttpMethod.DELETE, "/" + id, null));
    }

    private static String article(Random random, Instant at) {
        return "{\"title\":\"Number %s\",\"tags\":[\"%s\"],\"status\":\"published\",\"publishedAt\":\"%s\"}"
                .formatted(random.nextInt(), TAGS.get(random.nextInt(2)), at);
    }

    private static Reply create(Freshet instance, String article) {
        return write(instance, HttpMethod.POST, "", article);
    }

    private static Reply write(Freshet instance, HttpMethod method, String path, @Nullable String body) {
        var headers = new ArrayList<>(List.of("Authorization", "Bearer " + token));
        if (!path.isEmpty()) {
            headers.addAll(List.of("If-Match", "*"));
        }
        var reply = get(instance.send(method, "/api/v1/articles" + path, body, headers.toArray(String[]::new)));
        assertThat(reply.status().is2xxSuccessful()).as(reply.body()).isTrue();
        return reply;
    }

    private static String cursor(Reply reply) {
        return String.valueOf(reply.headers().getFirst("Freshet-Cursor"));
    }

    @Test
    void oldArticlesKeepFirstPages_andNewOnesOlderPages() {
        for (var day = 0; day < 12; day++) {
            create(one, dated(day));
        }
        var first = "/api/v1/articles?tag=dated&limit=5";
        var next = one.get(first).json().path("next").asString();
        var older = next.substring(next.indexOf("/api"));
        one.get(older);
        var reads = reads();

        create(one, dated(-5));
        assertThat(one.get(first).headers().getFirst("Cache-Status")).isEqualTo(HIT);
        create(one, dated(20));
        assertThat(one.get(older).headers().getFirst("Cache-Status")).isEqualTo(HIT);
        assertThat(reads()).isEqualTo(reads);
        assertThat(one.get(first).json().path("items").size()).isEqualTo(5);
        assertThat(reads()).isEqualTo(reads + 1);
    }

    private static String dated(int day) {
        return "{\"title\":\"Day\",\"tags\":[\"dated\"],\"status\":\"published\",\"publishedAt\":\"%s\"}"
                .formatted(START.plus(Duration.ofDays(day)));
    }

    private static int reads() {
        return (int) one.bean(MeterRegistry.class)
                .get("freshet.page.reads")
                .counter()
                .count();
    }

    @Test
    void newestArticleGivesOlderPagesAPrevious() {
        var feed = new Feed("around", null, null, null);
        var pages = one.bean(PageObjects.class);
        var newest = "";
        for (var day = 0; day < 9; day++) {
            newest = create(one, dated(day).replace("dated", "around")).text("id");
        }
        var key = get(pages.page(feed, PageWindow.after(null, 1), false, true))
                .page()
                .keys()
                .getFirst();
        write(one, HttpMethod.DELETE, "/" + newest, null);
        var window = PageWindow.after(key, 3);
        var slice = get(pages.page(feed, window, false, true));
        assertThat(slice.hasPrevious()).isFalse();
        create(one, dated(10).replace("dated", "around"));
        assertThat(isCurrent(pages, feed, slice)).isFalse();

        slice = get(pages.page(feed, window, false, true));
        assertThat(slice.hasPrevious()).isTrue();
        create(one, dated(11).replace("dated", "around"));
        assertThat(isCurrent(pages, feed, slice)).isTrue();
    }

    private static boolean isCurrent(PageObjects pages, Feed feed, PageSlice slice) {
        return pages.isCurrent(feed, slice.page().cursor(), slice.page().period());
    }

    @Test
    void anArticleBehindTheLastPageGivesItANext() {
        for (var day = 0; day < 3; day++) {
            create(one, dated(day).replace("dated", "edge"));
        }
        var path = "/api/v1/articles?tag=edge&limit=3";
        assertThat(one.get(path).json().path("next").isString()).isFalse();
        create(one, dated(-1).replace("dated", "edge"));
        assertThat(one.get(path).json().path("next").isString()).isTrue();
        // For the type of the page, which has its own cache.
        assertThat(get(one.bean(CachedPages.class)
                                .find(PageQuery.first(Representation.JSON, new Feed("edge", null, null, null)), null))
                        .page()
                        .period())
                .isEqualTo(PublicationPeriod.ALL);
    }
}
