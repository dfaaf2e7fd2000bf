package dev.freshet.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.log.feedlog.LogWords;
import dev.freshet.platform.NameKey;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.SearchVector;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Compares the two forms of one rule, in Java and in SQL, on random events. */
class FeedEffectTests {

    private static final Duration HANG = Duration.ofMinutes(2);
    private static final int EVENTS = 400;
    private static final List<String> NAMES = List.of("a", "straße", "é");
    /** The same names in other spellings. */
    private static final List<String> SPELLINGS = List.of("A", "STRASSE", "E\u0301");

    private static final List<List<String>> SEVERAL =
            List.of(List.of("A", "strasse"), List.of("É"), List.of("a", "Straße", "é"));

    private static final List<@Nullable String> LANGUAGES =
            Arrays.asList("de", "de-at", "en", "zh-hant-tw", "x-de", null);
    private static final UUID READER = new UUID(9, 9);
    private static final Map<FeedKind, List<String>> FOLLOWED = Map.of(
            FeedKind.TAG, List.of("A"),
            FeedKind.AUTHOR, List.of("STRASSE"),
            FeedKind.SOURCE, List.of("E\u0301"));
    private static final String SAVED = "gauge";
    private static final Map<FeedKind, List<String>> MUTED =
            Map.of(FeedKind.TAG, List.of("\u00E9"), FeedKind.AUTHOR, List.of("A"), FeedKind.SOURCE, List.of("straße"));
    /** Searches, each with the rule for the words of an article. */
    private static final Map<String, Predicate<Set<String>>> SEARCHES = Map.of(
            "heron", words -> words.contains("heron"),
            "heron otter", words -> words.containsAll(Set.of("heron", "otter")),
            "heron or otter", words -> words.contains("heron") || words.contains("otter"),
            "heron -otter", words -> words.contains("heron") && !words.contains("otter"));

    private static Freshet instance;
    private static FeedLog log;
    private static List<LogEntry> events;
    private static Map<Long, EventWords> words;

    @BeforeAll
    static void insertRandomEvents() {
        instance = Freshet.start(Stores.database(), "", Map.of("freshet.samples", "false"));
        log = instance.bean(FeedLog.class);
        var client = instance.bean(DatabaseClient.class);
        var random = new RandomEvents(client);
        Flux.range(1, EVENTS).concatMap(random::insert).then(follow(client)).block(HANG);
        events = Objects.requireNonNull(log.read(0, EVENTS).collectList().block(HANG));
        assertThat(events).hasSize(EVENTS);
        words = Objects.requireNonNull(
                log.words(0, EVENTS).collectMap(LogWords::seq, EventWords::of).block(HANG));
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @ParameterizedTest
    @MethodSource("feeds")
    void effectInJava_equalsTheConditionInSql(Feed feed) {
        assertThat(inSql(feed)).isEqualTo(inJava(feed::effect));
    }

    @ParameterizedTest
    @MethodSource("feeds")
    void search_isTheFeedRestrictedToItsWords(Feed feed) {
        SEARCHES.forEach((q, rule) -> {
            var search =
                    new Feed(feed.tags(), feed.authors(), feed.sources(), q, null, feed.excluded(), feed.languages());
            assertThat(inSql(search)).as(q).isEqualTo(inJava(event -> {
                var text = event.content();
                var effect = feed.effect(event);
                return effect(
                        isAfter(effect) && rule.test(RandomEvents.wordsNow(text)),
                        isBefore(effect) && rule.test(RandomEvents.wordsBefore(text)));
            }));
            var inMemory = FeedRule.of(search, null);
            assertThat(inSql(search)).as(q).isEqualTo(inJava(event -> inMemory.effect(event, words.get(event.seq()))));
        });
    }

    @ParameterizedTest
    @MethodSource("feeds")
    void followedFeed_hasFollowedNamesAndSearchesWithoutMutedNames(Feed feed) {
        var followed = feeds(FOLLOWED);
        var muted = feeds(MUTED);
        var selection = new Selection(set(FOLLOWED), List.of(SearchQuery.parse(SAVED)), set(MUTED));
        var inMemory = FeedRule.of(feed.followedBy(READER), selection);
        assertThat(inSql(feed.followedBy(READER)))
                .isEqualTo(inJava(event -> inMemory.effect(event, words.get(event.seq()))));
        assertThat(inSql(feed.followedBy(READER))).isEqualTo(inJava(event -> {
            var effect = feed.effect(event);
            return effect(
                    isAfter(effect)
                            && (followed.stream().anyMatch(each -> isAfter(each.effect(event)))
                                    || RandomEvents.wordsNow(event.content()).contains(SAVED))
                            && muted.stream().noneMatch(each -> isAfter(each.effect(event))),
                    isBefore(effect)
                            && (followed.stream().anyMatch(each -> isBefore(each.effect(event)))
                                    || RandomEvents.wordsBefore(event.content()).contains(SAVED))
                            && muted.stream().noneMatch(each -> isBefore(each.effect(event))));
        }));
    }

    private static List<Feed> feeds(Map<FeedKind, List<String>> names) {
        return names.entrySet().stream()
                .flatMap(each -> each.getValue().stream().map(each.getKey()::feed))
                .toList();
    }

    private static NameSet set(Map<FeedKind, List<String>> names) {
        var keys = Arrays.stream(FeedKind.values())
                .map(kind -> Objects.requireNonNull(names.get(kind)).stream()
                        .map(NameKey::of)
                        .toList())
                .toList();
        return new NameSet(keys.get(0), keys.get(1), keys.get(2));
    }

    private static boolean isAfter(FeedEffect effect) {
        return effect == FeedEffect.ENTERS || effect == FeedEffect.STAYS;
    }

    private static boolean isBefore(FeedEffect effect) {
        return effect == FeedEffect.LEAVES || effect == FeedEffect.STAYS;
    }

    private static FeedEffect effect(boolean after, boolean before) {
        if (after) {
            return before ? FeedEffect.STAYS : FeedEffect.ENTERS;
        }
        return before ? FeedEffect.LEAVES : FeedEffect.NONE;
    }

    /** Returns the seqs of the selected events, and whether each takes its article out of the feed. */
    private static Map<Long, Boolean> inSql(Feed feed) {
        return Objects.requireNonNull(log.select(0, EVENTS, EVENTS, feed.condition(), false)
                .collectMap(selected -> selected.entry().seq(), selected -> selected.leaves())
                .block(HANG));
    }

    private static Map<Long, Boolean> inJava(Function<LogEntry, FeedEffect> rule) {
        return events.stream()
                .filter(event -> rule.apply(event) != FeedEffect.NONE)
                .collect(Collectors.toMap(LogEntry::seq, event -> rule.apply(event) == FeedEffect.LEAVES));
    }

    static List<Feed> feeds() {
        var feeds = new ArrayList<Feed>();
        var values = new ArrayList<@Nullable String>(SPELLINGS);
        values.add(null);
        for (var tag : values) {
            for (var author : values) {
                for (var source : values) {
                    feeds.add(new Feed(tag, author, source, null));
                }
            }
        }
        for (var names : SEVERAL) {
            feeds.add(Feed.ALL.without(new NameSet(names, List.of(), List.of())));
            feeds.add(Feed.ALL.without(new NameSet(List.of("É"), names, List.of())));
            feeds.add(new Feed("A", null, null, null).without(new NameSet(List.of(), List.of("A"), names)));
        }
        for (var language : List.of("de", "de-AT", "zh-TW", "zh-Hans", "en-GB", "x-de")) {
            feeds.add(Feed.ALL.in(new Languages(List.of(language), List.of())));
            feeds.add(Feed.ALL.in(new Languages(List.of(language, "en"), List.of("de-AT"))));
            feeds.add(new Feed("A", null, null, null).in(new Languages(List.of(), List.of(language))));
        }
        for (var tags : SEVERAL) {
            for (var authors : SEVERAL) {
                feeds.add(new Feed(tags, authors, List.of(), null, null, NameSet.NONE, Languages.ALL));
                feeds.add(new Feed(tags, List.of(), authors, null, null, NameSet.NONE, Languages.ALL));
                feeds.add(new Feed(List.of(), tags, authors, null, null, NameSet.NONE, Languages.ALL));
            }
        }
        return feeds;
    }

    private static Mono<Void> follow(DatabaseClient client) {
        var account = client.sql("insert into account (id, name) values (:reader, 'reader')")
                .bind("reader", READER)
                .then();
        var search = client.sql("insert into saved_search (account, name, q, query)"
                        + " values (:reader, 'saved', :q, cast(:query as tsquery))")
                .bind("reader", READER)
                .bind("q", SAVED)
                .bind("query", SearchQuery.parse(SAVED).query())
                .then();
        return account.then(list(client, "following", FOLLOWED))
                .then(list(client, "muted", MUTED))
                .then(search);
    }

    private static Mono<Void> list(DatabaseClient client, String table, Map<FeedKind, List<String>> lists) {
        return Flux.fromIterable(lists.entrySet())
                .concatMap(names -> Flux.fromIterable(names.getValue())
                        .concatMap(name -> client.sql("insert into " + table
                                        + " (account, kind, name) values (:reader, :kind, :name)")
                                .bind("reader", READER)
                                .bind("kind", names.getKey().toString())
                                .bind("name", name)
                                .then()))
                .then();
    }

    /** Inserts random rows. The content of each contains its words before and after the change. */
    private static final class RandomEvents {

        private static final List<String> WORDS = List.of("heron", "otter", "gauge");

        private final DatabaseClient client;
        private final Random random = new Random(20_251_128);

        RandomEvents(DatabaseClient client) {
            this.client = client;
        }

        static Set<String> wordsNow(@Nullable String content) {
            return Set.of(Objects.requireNonNull(content).split("/", -1)[0].split(" "));
        }

        static Set<String> wordsBefore(@Nullable String content) {
            return Set.of(Objects.requireNonNull(content).split("/", -1)[1].split(" "));
        }

        Mono<Void> insert(int seq) {
            var type = List.of(EventType.values()).get(random.nextInt(EventType.values().length));
            var known = random.nextBoolean();
            var words = text();
            var wordsBefore = known ? text() : "";
            var row = client.sql("""
                            insert into feed_log (seq, at, type, article_id, tags, author, source, search, was_tags,
                                was_author, was_source, was_search, language, was_language, article, content)
                            values (:seq, now(), :type, :id, :tags, :author, :source,
                                case when :type <> 'article.withdrawn' then cast(:vector as tsvector) end,
                                :wasTags, :wasAuthor, :wasSource,
                                case when :known then cast(:vectorBefore as tsvector) end,
                                :language, :wasLanguage, :article, :words || '/' || :wordsBefore)""")
                    .bind("seq", (long) seq)
                    .bind("type", type.toString())
                    .bind("id", UUID.randomUUID())
                    .bind("tags", tags())
                    .bind("author", name())
                    .bind("source", name())
                    .bind("words", words)
                    .bind("known", known)
                    .bind("wordsBefore", wordsBefore)
                    .bind("vector", vector(words))
                    .bind("vectorBefore", vector(wordsBefore));
            row = bind(row, "language", language());
            row = bind(row, "wasLanguage", language());
            // An earlier version wrote the language in the article alone.
            var language = language();
            row = row.bind("article", language == null ? "{}" : "{\"language\":\"" + language + "\"}");
            row = known
                    ? row.bind("wasTags", tags()).bind("wasAuthor", name()).bind("wasSource", name())
                    : row.bindNull("wasTags", String[].class)
                            .bindNull("wasAuthor", String.class)
                            .bindNull("wasSource", String.class);
            return row.then();
        }

        private static DatabaseClient.GenericExecuteSpec bind(
                DatabaseClient.GenericExecuteSpec row, String name, @Nullable String value) {
            return value == null ? row.bindNull(name, String.class) : row.bind(name, value);
        }

        private @Nullable String language() {
            return LANGUAGES.get(random.nextInt(LANGUAGES.size()));
        }

        private static String vector(String text) {
            return SearchVector.of("", "", text, "en");
        }

        private String text() {
            return WORDS.stream().filter(word -> random.nextBoolean()).collect(Collectors.joining(" "));
        }

        private String name() {
            return NameKey.of(NAMES.get(random.nextInt(NAMES.size())));
        }

        private String[] tags() {
            return NAMES.stream()
                    .filter(name -> random.nextBoolean())
                    .map(NameKey::of)
                    .toArray(String[]::new);
        }
    }
}
