package dev.freshet.read.page;

import static dev.freshet.testing.Freshet.get;

import dev.freshet.feed.Feed;
import dev.freshet.search.SearchVector;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.MadeUpWords;
import dev.freshet.testing.SearchResults;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.r2dbc.core.DatabaseClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures the budget of pages of searches and of followed feeds among many articles, and of the words of a publish. Run it
 * alone on an idle machine, as {@code load-tests/README.md} describes.
 */
@Isolated
@EnabledIfSystemProperty(named = "freshet.budget.articles", matches = "\\d+")
class PageBudgetTests {

    private static final int ARTICLES = Integer.getInteger("freshet.budget.articles", 1_000_000);
    private static final int WORDS = 40;
    private static final int COLD = 200;
    private static final int WARM = 1000;
    private static final int PUBLISHES = 300;
    private static final Path EXCERPT = Path.of("src/test/resources/import/excerpt.ndjson");

    private final Random random = new Random(20_261_129);
    private final List<String> table = new ArrayList<>(
            List.of("| %,d articles | p50 | p99 | max | target |".formatted(ARTICLES), "|---|---|---|---|---|"));

    @Test
    void budgetOfPages() throws IOException {
        try (var instance = Freshet.start(Map.of())) {
            var many = new ManyArticles(instance);
            many.fill(ARTICLES, WORDS);
            var isEvicted = createEviction(instance);
            measurePages(instance, isEvicted, new Reading("search of one word, 20 articles", i -> search(1), 20, 30));
            measurePages(instance, isEvicted, new Reading("search of two words, 20 articles", i -> search(2), 20, 30));
            var readers =
                    IntStream.range(0, 5).mapToObj(i -> many.reader(25, 20, 5)).toList();
            measurePages(
                    instance,
                    isEvicted,
                    new Reading("50 followed names, 50 articles", i -> followed(readers.get(i % 5)), 50, 30));
            var large = IntStream.range(0, 5)
                    .mapToObj(i -> many.reader(400, 400, 200))
                    .toList();
            measurePages(
                    instance,
                    isEvicted,
                    new Reading("1,000 followed names, 200 articles", i -> followed(large.get(i % 5)), 200, 100));
            measurePublishing(instance);
        }
        SearchResults.write("Pages", table);
    }

    private Feed search(int words) {
        var q = IntStream.range(0, words)
                .mapToObj(i -> MadeUpWords.of(MadeUpWords.random(random, ManyArticles.VOCABULARY)))
                .collect(Collectors.joining(" "));
        return new Feed(null, null, null, q);
    }

    private static Feed followed(UUID reader) {
        return Feed.ALL.followedBy(reader);
    }

    /** @param warmMillis the maximum of 99 of 100 pages */
    private record Reading(String name, IntFunction<Feed> feeds, int limit, int warmMillis) {

        List<Feed> some(int count) {
            return IntStream.range(0, count).mapToObj(feeds).toList();
        }
    }

    private void measurePages(Freshet instance, boolean isEvicted, Reading reading) {
        var pages = instance.bean(FeedPages.class);
        var cold = reading.some(COLD).stream()
                .mapToLong(feed -> {
                    if (isEvicted) {
                        evict(instance);
                    }
                    return time(pages, feed, reading.limit());
                })
                .toArray();
        add(reading.name() + (isEvicted ? ", cold" : ", first reads"), cold, "p99 100 ms");
        var some = reading.some(20);
        some.forEach(feed -> time(pages, feed, reading.limit()));
        add(
                reading.name() + ", warm",
                IntStream.range(0, WARM)
                        .mapToLong(i -> time(pages, some.get(i % some.size()), reading.limit()))
                        .toArray(),
                "p99 " + reading.warmMillis() + " ms");
    }

    private static long time(FeedPages pages, Feed feed, int limit) {
        var start = System.nanoTime();
        get(pages.read(feed, null, limit, false, true));
        return System.nanoTime() - start;
    }

    private void add(String name, long[] nanos, String target) {
        var sorted = Arrays.stream(nanos).sorted().toArray();
        table.add("| %s | %.2f ms | %.2f ms | %.2f ms | %s |"
                .formatted(
                        name,
                        sorted[sorted.length / 2] / 1e6,
                        sorted[sorted.length * 99 / 100] / 1e6,
                        sorted[sorted.length - 1] / 1e6,
                        target));
    }

    /** Returns whether PostgreSQL's cache can be emptied. The cache of the system stays. */
    private static boolean createEviction(Freshet instance) {
        try {
            get(instance.bean(DatabaseClient.class)
                    .sql("create extension if not exists pg_buffercache")
                    .then());
            evict(instance);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static void evict(Freshet instance) {
        get(instance.bean(DatabaseClient.class)
                .sql("select pg_buffercache_evict_all()")
                .then());
    }

    /** Measures what the words of an article of 3 KB cost its publish: here, and in PostgreSQL. */
    private void measurePublishing(Freshet instance) throws IOException {
        var threads = ManagementFactory.getThreadMXBean();
        // Made-up words repeat less than those of a language, and would take twice as many lexemes.
        var body = Files.readString(EXCERPT)
                .lines()
                .map(line -> JsonMapper.shared().readTree(line).path("body").asString())
                .filter(each -> each.length() >= 3_000)
                .findFirst()
                .orElseThrow()
                .substring(0, 3_000);
        var vector = "";
        var here = new long[PUBLISHES];
        for (var round = 0; round < 10 * PUBLISHES; round++) {
            var start = threads.getCurrentThreadCpuTime();
            vector = SearchVector.words("A title of some words", "", body, "en").vector();
            here[round % PUBLISHES] = threads.getCurrentThreadCpuTime() - start;
        }
        add("words of 3 KB of a real article, processor time of Freshet", here, "p50 0.3 ms");
        var without = new long[PUBLISHES];
        var with = new long[PUBLISHES];
        for (var i = 0; i < PUBLISHES; i++) {
            without[i] = insert(instance, "");
            with[i] = insert(instance, vector);
        }
        add("insert without words, PostgreSQL", without, "");
        add("insert with words, PostgreSQL", with, "");
    }

    private static long insert(Freshet instance, String vector) {
        var start = System.nanoTime();
        instance.bean(DatabaseClient.class)
                .sql("insert into article (id, slug, title, summary, body, html, tags, author_id, source_id, language,"
                        + " status, owner, published_at, updated_at, version, search)"
                        + " select gen_random_uuid(), slug, title, summary, body, html, tags, author_id, source_id,"
                        + " language, status, owner, now(), now(), 1, cast(:vector as tsvector) from article limit 1")
                .bind("vector", vector)
                .then()
                .block(Duration.ofMinutes(1));
        return System.nanoTime() - start;
    }
}
