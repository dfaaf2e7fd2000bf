package dev.freshet.load.pages;

import dev.freshet.load.FreshetServers;
import dev.freshet.load.Meter;
import dev.freshet.load.Options;
import dev.freshet.load.Results;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Measures the time of an uncached page by the number of articles, the filter and the distance from the newest: one
 * reader at a time. Lists the plans of the statements.
 */
final class Depth {

    private static final int PAGE = 20;
    private static final int FAR = 500;
    // Less than any page of twenty articles has.
    private static final int MIN_LENGTH = 4000;
    private static final int BATCH = 50_000;
    // Newer than any article.
    private static final PageKey TOP = PageKey.of(Instant.parse("2200-01-01T00:00:00Z"), new UUID(-1, -1));

    // Those of constraints stay.
    private static final String INDEXES = """
            from pg_index where indrelid in ('article'::regclass, 'article_tag'::regclass)
                and not exists (select from pg_constraint where conindid = indexrelid)""";

    private record Feed(PageSql.Filter filter, String value, String query) {

        static Feed of(PageSql.Filter filter, String name, String value) {
            return new Feed(filter, value, name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8) + "&");
        }

        @Override
        public String toString() {
            return filter.name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param page its number, from 1 */
    private record Place(int page, PageKey key) {}

    private final Database database;
    private final FreshetServers servers;
    private final Peer freshet;
    private final Options options;
    private final Results results;
    // By their start, over all rounds: a page that was requested before may be cached.
    private final Map<PageKey, PageKeys> keys = new HashMap<>();

    Depth(Database database, FreshetServers servers, Peer freshet, Options options, Results results) {
        this.database = database;
        this.servers = servers;
        this.freshet = freshet;
        this.options = options;
        this.results = results;
    }

    /** Each feed gets its share of the time. */
    void warmUp(Duration time) throws IOException, InterruptedException, SQLException {
        var feeds = feeds();
        for (var feed : feeds) {
            try (var load = load(feed, TOP)) {
                load.saturate(time.dividedBy(feeds.size()));
            }
        }
    }

    void run() throws IOException, InterruptedException, SQLException {
        measure(options.number("articles"));
        if (!options.text("depths").isEmpty()) {
            for (var count : Arrays.stream(options.text("depths").split(","))
                    .map(Integer::valueOf)
                    .sorted()
                    .toList()) {
                grow(count);
                measure(count);
            }
        }
    }

    /**
     * Adds articles between the others, with their titles, tags and authors, but short bodies that no search finds. The indexes
     * are built again afterwards, which is faster than adding to them.
     */
    private void grow(int wanted) throws SQLException, IOException {
        var there =
                Integer.parseInt(database.column("select count(*) from article").getFirst());
        var indexes = database.column("select pg_get_indexdef(indexrelid) " + INDEXES);
        for (var index : database.column("select indexrelid::regclass " + INDEXES)) {
            database.execute("freshet", "drop index " + index);
        }
        try (var connection = database.connect("freshet");
                var sql = connection.createStatement()) {
            sql.execute("create temp table base as select row_number() over (order by id) - 1 as number, * from article"
                    + " where status = 'published' limit " + options.number("articles"));
            sql.execute("create index on base (number)");
            sql.execute("analyze base");
            for (var from = there; from < wanted; from += BATCH) {
                System.out.printf("Adding articles: %,d of %,d%n", from, wanted);
                sql.execute("""
                        insert into article (id, slug, title, summary, body, html, tags, author_id, source_id, language,
                            status, owner, published_at, updated_at, version, search)
                        select gen_random_uuid(), b.slug, b.title, b.summary, left(b.body, 300), left(b.body, 300), b.tags,
                            b.author_id, b.source_id, b.language, b.status, b.owner,
                            timestamptz '2015-01-01' + random() * interval '3650 days', b.updated_at, 1, ''
                        from generate_series(%d, %d) i
                        join base b on b.number = i %% (select count(*) from base)""".formatted(from, Math.min(wanted, from + BATCH) - 1));
            }
        }
        for (var index : indexes) {
            System.out.println(index);
            database.execute("freshet", "set maintenance_work_mem = '512MB'", index);
        }
        database.execute("freshet", "vacuum analyze");
    }

    private void measure(int articles) throws IOException, InterruptedException, SQLException {
        var feeds = feeds();
        var places = new LinkedHashMap<Feed, List<Place>>();
        for (var feed : feeds) {
            places.put(feed, List.of(new Place(1, TOP), farPlace(feed)));
        }
        for (var round = 0; round < options.number("rounds"); round++) {
            for (var feed : feeds) {
                for (var place : places.getOrDefault(feed, List.of())) {
                    results.add("depth, %,d articles".formatted(articles), feed.toString(), read(feed, place));
                }
            }
        }
        for (var feed : feeds) {
            for (var place : places.getOrDefault(feed, List.of())) {
                results.listing(
                        "Plan: %s, page %d, %,d articles".formatted(feed, place.page(), articles), plan(feed, place));
            }
        }
    }

    private List<Feed> feeds() throws SQLException, IOException {
        return List.of(
                new Feed(PageSql.Filter.ALL, "", ""),
                Feed.of(PageSql.Filter.TAG, "tag", most("select tag from article_tag")),
                Feed.of(
                        PageSql.Filter.AUTHOR,
                        "author",
                        most("select w.name from article a join author w on w.id = a.author_id")),
                Feed.of(
                        PageSql.Filter.SOURCE,
                        "source",
                        most("select s.name from article a join source s on s.id = a.source_id")));
    }

    /** Returns the value with the most articles. */
    private String most(String names) throws SQLException, IOException {
        return database.column(names + " group by 1 order by count(*) desc limit 1")
                .getFirst();
    }

    /** Returns the key of the 500th page, or of the last full one if there are fewer. */
    private Place farPlace(Feed feed) throws SQLException, IOException {
        var articles = new ArrayList<PageKey>();
        try (var connection = database.connect("freshet");
                var sql = connection.createStatement()) {
            sql.execute(prepare(feed));
            try (var rows = sql.executeQuery(execute(feed, TOP, FAR * PAGE))) {
                while (rows.next() && rows.getObject("id") != null) {
                    articles.add(PageKey.of(
                            rows.getTimestamp("published_at").toInstant(), rows.getObject("id", UUID.class)));
                }
            }
        }
        var page = Math.min(FAR, articles.size() / PAGE);
        return page <= 1 ? new Place(1, TOP) : new Place(page, articles.get((page - 1) * PAGE - 1));
    }

    private Map<String, Double> read(Feed feed, Place place) throws InterruptedException {
        var time = Duration.ofSeconds(Math.max(1, options.number("seconds") / 5));
        try (var load = load(feed, place.key())) {
            var meter = new Meter(freshet.processes(), servers.postgres());
            var outcome = load.saturate(time);
            var used = meter.stop();
            var what = place.page() == 1 ? "first page" : place.page() == FAR ? "500th page" : "last page";
            var figures = new LinkedHashMap<String, Double>();
            figures.put(what + ": number", (double) place.page());
            figures.put(what + ": ms, p50", outcome.latency().getValueAtPercentile(50) / 1e6);
            figures.put(what + ": ms, p99", outcome.latency().getValueAtPercentile(99) / 1e6);
            figures.put(what + ": PostgreSQL CPU µs/request", used.othersSeconds() * 1e6 / outcome.answers());
            return figures;
        }
    }

    private Load load(Feed feed, PageKey key) {
        var requests =
                Requests.unique(feed.query(), keys.computeIfAbsent(key, absent -> new PageKeys(List.of(absent))));
        return new Load(freshet.address(), 1, requests, new Load.Expected(200, MIN_LENGTH, Long.MAX_VALUE));
    }

    private String plan(Feed feed, Place place) throws SQLException, IOException {
        try (var connection = database.connect("freshet");
                var sql = connection.createStatement()) {
            sql.execute(prepare(feed));
            var plan = new ArrayList<String>();
            // The second execution, so that the plan shows work rather than reads of cold data.
            for (var i = 0; i < 2; i++) {
                plan.clear();
                try (var rows =
                        sql.executeQuery("explain (analyze, buffers) " + execute(feed, place.key(), PAGE + 1))) {
                    while (rows.next()) {
                        plan.add(rows.getString(1));
                    }
                }
            }
            return statement(feed) + "\n\n" + String.join("\n", plan);
        }
    }

    private static String prepare(Feed feed) {
        return "prepare page(text, timestamptz, uuid, int) as " + statement(feed);
    }

    private static String statement(Feed feed) {
        return PageSql.page(feed.filter(), "$1", "$2", "$3", "$4");
    }

    private static String execute(Feed feed, PageKey key, int limit) {
        return "execute page('%s', '%s', '%s', %d)"
                .formatted(feed.value().replace("'", "''"), key.time(), key.id(), limit);
    }
}
