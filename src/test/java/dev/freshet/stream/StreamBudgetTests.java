package dev.freshet.stream;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;

import dev.freshet.feed.Feed;
import dev.freshet.feed.OpenFollows;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.search.SearchDocument;
import dev.freshet.search.SearchVector;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.MadeUpWords;
import dev.freshet.testing.SearchResults;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.r2dbc.spi.ConnectionFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Measures the budget of streams of searches and of followed feeds, beside as many streams of tags: the processor time of an
 * event, and the memory of a stream. Each event concerns one stream. Run it alone on an idle machine, as {@code
 * load-tests/README.md} describes.
 */
@Isolated
@EnabledIfSystemProperty(named = "freshet.budget.streams", matches = "\\d+")
class StreamBudgetTests {

    private static final int STREAMS = Integer.getInteger("freshet.budget.streams", 10_000);
    private static final int EVENTS = Math.min(2000, STREAMS);
    private static final int WARM_UP = EVENTS / 4;
    private static final int EVENTS_AT_ONCE = 10;
    /** Rounds that are not measured, until the code is compiled. */
    private static final int WARM_UP_ROUNDS = 3;

    private static final int ROUNDS = 9;
    private static final int MEMORY_ROUNDS = 3;
    /** Classes to print whose objects take most of a stream. */
    private static final int CLASSES = 15;

    private static final int NAMES = 100;
    private static final int WORDS = 500;
    private static final int VOCABULARY = 5000;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    // The words of each event.
    private final List<SearchDocument> words = new ArrayList<>();
    private final Random random = new Random(20_261_129);

    /**
     * A kind of streams.
     *
     * @param feeds returns the feed of each
     * @param committedHere whether its events were committed by this instance
     */
    private record Kind(String name, int streams, IntFunction<Feed> feeds, boolean committedHere) {}

    /** The measured values of a kind: processor time of each round in µs, and bytes of a stream. */
    private record Cost(List<Double> micros, List<Long> bytes) {

        double medianMicros() {
            return micros.stream().sorted().toList().get(micros.size() / 2);
        }

        long medianBytes() {
            return bytes.stream().sorted().toList().get(bytes.size() / 2);
        }
    }

    @Test
    void budgetOfStreams() throws InterruptedException {
        try (var instance = Freshet.start(Map.of("freshet.feeds.max-values", "20"))) {
            insertEvents(instance);
            insertFollows(instance);
            IntFunction<Feed> searches = i -> new Feed(null, null, null, MadeUpWords.of(i % VOCABULARY) + " " + own(i));
            var kinds = List.of(
                    new Kind("none", 0, i -> Feed.ALL, true),
                    new Kind("tags", STREAMS, i -> new Feed("own" + i, null, null, null), true),
                    new Kind("searches", STREAMS, searches, true),
                    new Kind("searches, events of another instance", STREAMS, searches, false),
                    new Kind("followers of 100 names", STREAMS, i -> Feed.ALL.followedBy(account(i)), true));
            var costs = new LinkedHashMap<String, Cost>();
            for (var round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
                var isMeasured = round >= WARM_UP_ROUNDS;
                for (var kind : kinds) {
                    var cost = isMeasured
                            ? costs.computeIfAbsent(kind.name(), name -> new Cost(new ArrayList<>(), new ArrayList<>()))
                            : new Cost(new ArrayList<>(), new ArrayList<>());
                    measureEvents(instance, kind, cost);
                    // The first reading of each kind fills pools and caches.
                    if (round < WARM_UP_ROUNDS + MEMORY_ROUNDS) {
                        measureMemory(instance, kind, cost, round == WARM_UP_ROUNDS);
                    }
                }
            }
            write(costs);
        } finally {
            loops.shutdownGracefully(0, 30, TimeUnit.SECONDS).sync();
        }
    }

    private static void write(Map<String, Cost> costs) {
        var tags = Objects.requireNonNull(costs.get("tags"));
        var lines = new ArrayList<String>();
        lines.add(
                "| %,d streams of | µs of an event | × tags, at most 3 | bytes of a stream | beyond a tag's, at most 1,024 |"
                        .formatted(STREAMS));
        lines.add("|---|---|---|---|---|");
        costs.forEach((name, cost) -> lines.add("| %s | %.1f | %.2f | %,d | %,d |"
                .formatted(
                        name,
                        cost.medianMicros(),
                        cost.medianMicros() / tags.medianMicros(),
                        cost.medianBytes(),
                        cost.medianBytes() - tags.medianBytes())));
        SearchResults.write("Streams", lines);
    }

    /** Streams of a kind at the tail. */
    private record Open(LiveStreams live, Subscribers subscribers, List<CountingChannel> channels) {

        void close() {
            subscribers.all().forEach(subscriber -> subscriber.closeLater(ClosingReason.OPERATOR));
            until(() -> subscribers.count() == 0);
            live.close();
        }
    }

    private Open open(Freshet instance, Kind kind) {
        var log = instance.bean(FeedLog.class);
        var epoch = get(log.extent()).epoch();
        var settings = Wire.settings(Map.of(
                "freshet.stream.max-streams", "1000000",
                "freshet.stream.max-per-address", "1000000",
                "freshet.stream.max-per-principal", "1000000"));
        var meters = new StreamMeters(new SimpleMeterRegistry());
        var live = new LiveStreams(
                new CatchUp(log, 256, 1 << 20, meters),
                settings,
                ring -> new StreamResources(
                        ring,
                        new SearchedRing(ring, log, Schedulers.parallel(), 1 << 24),
                        instance.bean(OpenFollows.class),
                        new CatchUp(log, 256, 1 << 20, meters),
                        settings,
                        meters));
        live.begin(new Cursor(epoch, 0));
        var subscribers = live.current().orElseThrow().subscribers();
        var channels = new ArrayList<CountingChannel>(kind.streams());
        for (var i = 0; i < kind.streams(); i++) {
            var channel = new CountingChannel(loops.next());
            channels.add(channel);
            subscribers.open(channel::attach, request(kind.feeds().apply(i), epoch));
        }
        until(() -> channels.stream().allMatch(CountingChannel::isLive));
        return new Open(live, subscribers, channels);
    }

    private void measureEvents(Freshet instance, Kind kind, Cost cost) {
        var read = get(instance.bean(FeedLog.class).read(0, EVENTS).collectList());
        var entries = kind.committedHere() ? read.stream().map(this::withWords).toList() : read;
        var open = open(instance, kind);
        feed(open.live(), entries.subList(0, WARM_UP), open.channels());
        var start = ProcessorTime.nanos();
        feed(open.live(), entries.subList(WARM_UP, EVENTS), open.channels());
        cost.micros().add((ProcessorTime.nanos() - start) / 1000.0 / (EVENTS - WARM_UP));
        open.close();
    }

    /** Returns an entry as the instance has it that committed it. */
    private LogEntry withWords(LogEntry entry) {
        return new LogEntry(
                entry.seq(),
                entry.atMillis(),
                entry.type(),
                entry.articleId(),
                entry.now(),
                entry.before(),
                entry.article(),
                entry.content(),
                entry.traceparent(),
                () -> words.get((int) entry.seq() - 1));
    }

    /** Measures the objects that become unreachable once the streams are closed. */
    private void measureMemory(Freshet instance, Kind kind, Cost cost, boolean printed) {
        var reached = new ArrayList<Open>();
        reached.add(open(instance, kind));
        // The first count is as large as the second, which exists during the third.
        var last = new LiveObjects[] {LiveObjects.count()};
        last[0] = LiveObjects.count();
        reached.removeFirst().close();
        // The loops still know the last tasks that they ran.
        loops.forEach(loop -> loop.submit(() -> {}).syncUninterruptibly());
        var freed = last[0].minus(LiveObjects.count());
        if (kind.streams() > 0) {
            cost.bytes().add(freed.bytes() / kind.streams());
            if (printed) {
                System.out.println("Bytes of " + kind.streams() + " streams of " + kind.name() + ", by class:");
                freed.largest(CLASSES).forEach(line -> System.out.println("  " + line));
            }
        } else {
            cost.bytes().add(0L);
        }
    }

    private static void feed(LiveStreams live, List<LogEntry> entries, List<CountingChannel> channels) {
        for (var from = 0; from < entries.size(); from += EVENTS_AT_ONCE) {
            var some = entries.subList(from, Math.min(entries.size(), from + EVENTS_AT_ONCE));
            live.entries(some);
            if (!channels.isEmpty()) {
                // Each concerns the stream of its own number.
                until(() -> some.stream()
                        .allMatch(entry -> channels.get((int) entry.seq() - 1).hasEvent()));
            }
        }
    }

    private static StreamRequest request(Feed feed, long epoch) {
        return new StreamRequest(
                StreamClient.anonymous("127.0.0.1"),
                feed,
                Format.NDJSON,
                new Cursor(epoch, 0),
                null,
                Long.MAX_VALUE,
                true);
    }

    private static UUID account(int i) {
        return new UUID(22, i);
    }

    /** Returns a word that only the event of this number has. */
    private static String own(int i) {
        return MadeUpWords.of(VOCABULARY + i);
    }

    /** Inserts events of articles of 500 words with a word and a tag that no other has. */
    private void insertEvents(Freshet instance) {
        var client = instance.bean(DatabaseClient.class);
        var inserted = Flux.range(0, EVENTS)
                .concatMap(i -> {
                    var text = IntStream.range(0, WORDS)
                            .mapToObj(k -> MadeUpWords.of(MadeUpWords.random(random, VOCABULARY)))
                            .collect(Collectors.joining(" ", MadeUpWords.of(i % VOCABULARY) + " " + own(i) + " ", ""));
                    var ofArticle = SearchVector.words("An article", "", text, "en");
                    words.add(ofArticle.document());
                    return client.sql("""
                                    insert into feed_log (seq, at, type, article_id, tags, author, source, language, search,
                                        article, content) values (:seq, now(), 'article.published', gen_random_uuid(),
                                        array['news', 'own' || :i], 'ann', 'test', 'en', cast(:words as tsvector),
                                        '{"title":"An article","language":"en"}', '{"body":"","html":""}')""")
                            .bind("seq", i + 1L)
                            .bind("i", Integer.toString(i))
                            .bind("words", ofArticle.vector())
                            .then();
                })
                .then(client.sql("update feed_clock set seq = :seq")
                        .bind("seq", (long) EVENTS)
                        .then());
        inserted.block(Freshet.TIMEOUT.multipliedBy(10));
    }

    /** Each account follows one name that no other follows, and others that it shares with a hundred accounts. */
    private static void insertFollows(Freshet instance) {
        // Without a short time limit.
        var client = DatabaseClient.create(instance.bean("longStatements", ConnectionFactory.class));
        for (var i = 0; i < STREAMS; i += 200) {
            var to = Math.min(STREAMS, i + 200) - 1;
            for (var sql : List.of(
                    "insert into account (id, name) select ('00000000-0000-0016-0000-' || lpad(to_hex(n), 12, '0'))::uuid,"
                            + " 'follower ' || n from generate_series(%d, %d) n",
                    "insert into following (account, kind, name) select ('00000000-0000-0016-0000-'"
                            + " || lpad(to_hex(n), 12, '0'))::uuid, 'tag', case when k = 0 then 'own' || n"
                            + " else 'shared' || (n * 31 + k * 97) %% 10000 end"
                            + " from generate_series(%d, %d) n, generate_series(0, " + (NAMES - 1)
                            + ") k on conflict do nothing")) {
                client.sql(sql.formatted(i, to)).then().block(Freshet.TIMEOUT);
            }
        }
    }
}
