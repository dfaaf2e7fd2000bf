package dev.freshet.read.page;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.ArticleRow;
import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.store.Columns;
import dev.freshet.read.page.FollowedArticles.Search;
import dev.freshet.search.ArticleLanguages;
import dev.freshet.search.SearchQuery;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuples;

/**
 * Reads pages of feeds by keyset, each in one statement and so at one position of the feed log. Uses {@code
 * DatabaseClient}, since no repository can compose these statements.
 */
@Component
class FeedPages {

    private final DatabaseClient client;
    private final WordFrequencies frequencies;
    // The result of the last search; null before the first one.
    private volatile @Nullable ArticleLanguages languages;

    FeedPages(@Qualifier("pageReads") ConnectionFactory pageReads, WordFrequencies frequencies) {
        this.client = DatabaseClient.create(pageReads);
        this.frequencies = frequencies;
    }

    /**
     * Reads a page.
     *
     * @param after the key of the page; null for the first page
     * @param limit the maximum number of items, from 1
     * @param content whether the items carry {@code body} and {@code html}
     * @param ranked whether the best matches of a search are first; else the newest are, as in other feeds
     */
    Mono<FeedPage> read(Feed feed, @Nullable PageKey after, int limit, boolean content, boolean ranked) {
        return read(feed, PageWindow.after(after, limit), content, false, ranked)
                .map(PageSlice::page);
    }

    /**
     * Reads a page of any part of a feed.
     *
     * @param content whether the items carry {@code body} and {@code html}
     * @param surroundings whether to find out if articles exist on the other sides of the window's keys; without that,
     *     only the side is known to which the page could continue
     */
    Mono<PageSlice> read(Feed feed, PageWindow window, boolean content, boolean surroundings) {
        return read(feed, window, content, surroundings, true);
    }

    private Mono<PageSlice> read(Feed feed, PageWindow window, boolean content, boolean surroundings, boolean ranked) {
        return Mono.zip(plan(feed, window, ranked), followed(feed, window.limit() + 1))
                .flatMap(known -> complete(
                        plan -> found(
                                feed,
                                spoken -> rows(
                                        new PageStatement(feed, plan, window, known.getT2(), ranked, spoken),
                                        window,
                                        content,
                                        surroundings)),
                        known.getT1()))
                .map(rows -> rows.slice(window, ranked && feed.isSearch(), surroundings));
    }

    private Mono<Rows> found(Feed feed, Function<ArticleLanguages, Mono<Rows>> read) {
        return feed.isSearch()
                ? Mono.defer(() -> Mono.justOrEmpty(languages))
                        .switchIfEmpty(readLanguages())
                        .flatMap(known -> found(known, read))
                : read.apply(ArticleLanguages.ALL);
    }

    /**
     * Reads rows by the words of known languages, and again where the languages of articles are not equal to them. A rank
     * depends on the number of words, and the next page continues from it.
     */
    private Mono<Rows> found(ArticleLanguages known, Function<ArticleLanguages, Mono<Rows>> read) {
        return read.apply(known).flatMap(rows -> {
            languages = rows.languages();
            return rows.languages().equals(known) ? Mono.just(rows) : found(rows.languages(), read);
        });
    }

    private Mono<ArticleLanguages> readLanguages() {
        return client.sql("select article_languages() as languages")
                .map(Rows::languages)
                .one();
    }

    /** Reads rows by a plan, and by wider ones until no other plan would find more. */
    private Mono<Rows> complete(Function<SearchPlan, Mono<Rows>> read, SearchPlan plan) {
        return read.apply(plan)
                .flatMap(rows -> rows.isComplete(plan)
                        ? Mono.just(rows)
                        : frequencies
                                .wider(plan, rows.found(), PageStatement.MAX_RANKED)
                                .flatMap(wider -> complete(read, wider)));
    }

    private Mono<Rows> rows(PageStatement statement, PageWindow window, boolean content, boolean surroundings) {
        // One more row shows whether the part has more articles than the page.
        var sql = statement.sql(window.limit() + 1, content, surroundings);
        var rows = new Rows();
        return client.sql(sql)
                .bindValues(statement.values())
                .map(rows::read)
                .all()
                .then(Mono.just(rows));
    }

    private Mono<SearchPlan> plan(Feed feed, PageWindow window, boolean ranked) {
        if (feed.q() == null) {
            return Mono.just(SearchPlan.BY_TIME);
        }
        var search = SearchQuery.parse(feed.q());
        if (!ranked) {
            return frequencies.plan(search, window.limit() + 1);
        }
        // The statistics know nothing of words and names together.
        return feed.equals(new Feed(null, null, null, feed.q()))
                ? frequencies.planWithPeriods(search, PageStatement.MAX_RANKED)
                : frequencies.plan(search, PageStatement.MAX_RANKED);
    }

    /** Reads what the account of a followed feed has beside followed names. */
    private Mono<FollowedArticles> followed(Feed feed, int rows) {
        var reader = feed.followedBy();
        if (reader == null) {
            return Mono.just(FollowedArticles.OF_NAMES);
        }
        return client.sql("select exists (select from muted where account = :reader) as mutes,"
                        + " array(select q from saved_search where account = :reader order by key) as searches")
                .bind("reader", reader)
                .map(row -> Tuples.of(
                        Columns.require(row, "mutes", Boolean.class), Columns.require(row, "searches", String[].class)))
                .one()
                .flatMap(read -> Flux.fromArray(read.getT2())
                        .map(SearchQuery::parse)
                        .concatMap(
                                search -> frequencies.plan(search, rows).map(plan -> new Search(search.query(), plan)))
                        .collectList()
                        .map(searches -> new FollowedArticles(read.getT1(), searches)));
    }

    /** Collects the rows of one page. Each carries the clock, which is the same in all. */
    private static final class Rows {

        private final List<Article> articles = new ArrayList<>();
        private final List<Float> ranks = new ArrayList<>();
        private final List<String> bodies = new ArrayList<>();
        private @Nullable Cursor cursor;
        private @Nullable Instant changedAt;
        private boolean earlier;
        private boolean later;
        private long found;
        private ArticleLanguages languages = ArticleLanguages.ALL;

        boolean read(Readable row) {
            if (cursor == null) {
                cursor = new Cursor(Columns.require(row, "epoch", Long.class), Columns.require(row, "seq", Long.class));
                changedAt = Columns.require(row, "at", Instant.class);
                earlier = Columns.require(row, "earlier", Boolean.class);
                later = Columns.require(row, "later", Boolean.class);
                found = Objects.requireNonNullElse(row.get("found", Long.class), 0L);
                languages = languages(row);
            }
            if (row.get("id", UUID.class) != null) {
                articles.add(ArticleRow.article(row));
                var body = row.get("found_in", String.class);
                if (body != null) {
                    bodies.add(body);
                }
                ranks.add(Columns.require(row, "rank", Float.class));
            }
            return true;
        }

        /** Returns whether no other plan would find more. */
        boolean isComplete(SearchPlan plan) {
            return plan.way() != SearchPlan.Way.BY_PERIOD || found >= PageStatement.MAX_RANKED;
        }

        static ArticleLanguages languages(Readable row) {
            var tags = row.get("languages", String[].class);
            return tags == null ? ArticleLanguages.ALL : ArticleLanguages.of(List.of(tags));
        }

        /** Returns the times from that of the key to that of the first article after the page. */
        private PublicationPeriod period(PageWindow window, boolean surroundings, boolean more) {
            var after = window.after();
            // A newer article can be the first before the key.
            var mayHavePrevious = surroundings && after != null && !earlier;
            if (window.before() != null || window.fromEnd() || mayHavePrevious) {
                return PublicationPeriod.ALL;
            }
            var last = more ? articles.getLast().publication().publishedAt() : null;
            return new PublicationPeriod(
                    last == null ? Instant.MIN : last, after == null ? Instant.MAX : after.publishedAt());
        }

        /** Returns the languages of all articles, for a search. */
        ArticleLanguages languages() {
            return languages;
        }

        /** Returns the number of matches to rank of a plan by period. */
        long found() {
            return found;
        }

        /**
         * Returns the page.
         *
         * @param ranked whether the order is that of the rank
         * @param surroundings whether the rows say if articles exist on the other sides of the keys
         */
        PageSlice slice(PageWindow window, boolean ranked, boolean surroundings) {
            var more = articles.size() > window.limit();
            var hasPrevious = earlier || (more && window.fromEnd());
            var hasNext = later || (more && !window.fromEnd());
            var from = more && window.fromEnd() ? 1 : 0;
            var items = articles.subList(from, Math.min(from + window.limit(), articles.size()));
            var keys = IntStream.range(0, items.size())
                    .mapToObj(i -> PageKey.after(items.get(i), ranks.get(from + i)))
                    .toList();
            var next = hasNext && !keys.isEmpty() ? keys.getLast() : null;
            var page = new FeedPage(
                    items,
                    Objects.requireNonNull(cursor),
                    Objects.requireNonNull(changedAt),
                    keys,
                    next,
                    ranked ? PublicationPeriod.ALL : period(window, surroundings, more),
                    bodies.isEmpty() ? bodies : bodies.subList(from, from + items.size()));
            return new PageSlice(page, hasPrevious, hasNext);
        }
    }
}
