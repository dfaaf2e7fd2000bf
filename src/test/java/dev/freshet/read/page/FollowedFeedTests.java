package dev.freshet.read.page;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.article.Article;
import dev.freshet.feed.Feed;
import dev.freshet.search.ArticleLanguages;
import dev.freshet.testing.Freshet;
import io.r2dbc.spi.ConnectionFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.r2dbc.core.DatabaseClient;

/** The cost of feeds of many followed names, and their equality with a search through all articles. */
class FollowedFeedTests {

    private static final int ARTICLES = 20_000;

    /**
     * The maximum number of 8 KB blocks for a page of 200 articles and 1,000 names. Each name takes the two or three
     * blocks of an index and those of its first articles. Reading 200 articles of each name takes twenty times as many.
     */
    private static final long MAX_BLOCKS = 15_000;

    /** With muted names, the row and the tags of each first article are read too. */
    private static final long MAX_BLOCKS_WITH_MUTED_NAMES = 60_000;

    private static Freshet instance;
    private static DatabaseClient client;
    private static ManyArticles many;

    @BeforeAll
    static void start() {
        instance = Freshet.start(Map.of());
        client = instance.bean(DatabaseClient.class);
        many = new ManyArticles(instance);
        many.fill(ARTICLES, 0);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @ParameterizedTest
    @CsvSource({"1000, 0, 0", "400, 400, 200", "1, 999, 0"})
    void pageReadsFewBlocks(int tags, int authors, int sources) {
        var reader = many.reader(tags, authors, sources);
        mute(reader, 20);
        for (var after : new PageKey[] {null, middle(reader)}) {
            assertThat(blocks(reader, after, false)).isLessThan(MAX_BLOCKS);
            assertThat(blocks(reader, after, true)).isLessThan(MAX_BLOCKS_WITH_MUTED_NAMES);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0, 50",
        "1, 0, 0, 0, 7",
        "3, 2, 1, 0, 50",
        "3, 2, 1, 9, 50",
        "0, 5, 0, 0, 200",
        "300, 40, 10, 0, 200",
        "300, 40, 10, 30, 200",
        "1000, 0, 0, 0, 200"
    })
    void pagesEqualASearchThroughAllArticles(int tags, int authors, int sources, int muted, int limit) {
        var reader = many.reader(tags, authors, sources);
        mute(reader, muted);
        var expected =
                Objects.requireNonNull(client.sql("select a.id from article a join author w on w.id = a.author_id"
                                + " join source s on s.id = a.source_id where exists (select from following f where"
                                + " f.account = :reader and (f.kind = 'tag' and f.name = any (a.tags) or f.kind = 'author' and"
                                + " f.name = w.name or f.kind = 'source' and f.name = s.name))"
                                + " and not exists (select from muted m where m.account = :reader and (m.kind = 'tag' and"
                                + " m.name = any (a.tags) or m.kind = 'author' and m.name = w.name or m.kind = 'source'"
                                + " and m.name = s.name))"
                                + " order by a.published_at desc, a.id desc limit 1000")
                        .bind("reader", reader)
                        .map(row -> Objects.requireNonNull(row.get(0, UUID.class)))
                        .all()
                        .collectList()
                        .block(TIMEOUT));
        var pages = instance.bean(FeedPages.class);
        var found = new ArrayList<UUID>();
        PageKey next = null;
        do {
            var page = Objects.requireNonNull(pages.read(Feed.ALL.followedBy(reader), next, limit, false, true)
                    .block(TIMEOUT));
            page.items().stream().map(Article::id).forEach(found::add);
            next = page.next();
        } while (next != null && found.size() < 1000);
        assertThat(found.stream().limit(1000)).isEqualTo(expected);

        var back = new ArrayDeque<UUID>();
        var before = next;
        PageSlice slice;
        do {
            var window = new PageWindow(null, before, limit, true);
            slice = Freshet.get(pages.read(Feed.ALL.followedBy(reader), window, false, true));
            slice.page().items().reversed().stream().map(Article::id).forEach(back::addFirst);
            before =
                    slice.page().keys().isEmpty() ? before : slice.page().keys().getFirst();
        } while (slice.hasPrevious());
        // The article of the key itself is not before it.
        assertThat(back).containsExactlyElementsOf(found.subList(0, found.size() - (next == null ? 0 : 1)));
    }

    private static long blocks(UUID reader, PageKey after, boolean mutes) {
        var statement = new PageStatement(
                Feed.ALL.followedBy(reader),
                SearchPlan.BY_TIME,
                PageWindow.after(after, 200),
                new FollowedArticles(mutes, List.of()),
                true,
                ArticleLanguages.ALL);
        var sql = statement.sql(201, false, false);
        var plan = Objects.requireNonNull(DatabaseClient.create(instance.bean("pageReads", ConnectionFactory.class))
                .sql("explain (analyze, buffers, costs off, timing off) " + sql)
                .bindValues(statement.values())
                .map(row -> String.valueOf(row.get(0, String.class)))
                .all()
                .collectList()
                .block(TIMEOUT));
        // The first line is of the whole statement.
        var buffers = Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?")
                .matcher(String.join("\n", plan));
        assertThat(buffers.find()).as(String.join("\n", plan)).isTrue();
        return IntStream.rangeClosed(1, 2)
                .mapToObj(buffers::group)
                .filter(Objects::nonNull)
                .mapToLong(Long::parseLong)
                .sum();
    }

    private static PageKey middle(UUID reader) {
        var page = Objects.requireNonNull(instance.bean(FeedPages.class)
                .read(Feed.ALL.followedBy(reader), null, 200, false, true)
                .block(TIMEOUT));
        return Objects.requireNonNull(page.next());
    }

    /** Mutes as many names of each kind. */
    private static void mute(UUID reader, int names) {
        client.sql("insert into muted (account, kind, name) select :reader, kind, kind || n"
                        + " from unnest(array['tag', 'author', 'source']) kind, generate_series(2, :names) n")
                .bind("reader", reader)
                .bind("names", names + 1)
                .then()
                .block(TIMEOUT);
    }
}
