package dev.freshet.read.page;

import dev.freshet.search.SearchQuery;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The frequencies of words by PostgreSQL's statistics. PostgreSQL assumes a share for each word that is too rare for its
 * statistics. A search names many forms of a word, mostly absent ones, so PostgreSQL would take any search for a common
 * one. Uses {@code DatabaseClient}, since it reads a view of PostgreSQL.
 */
@Component
class WordFrequencies {

    private static final Duration STATISTICS_TTL = Duration.ofSeconds(10);
    private static final Statistics NONE = new Statistics(0, Map.of(), List.of());

    /** The maximum articles that are read from the newest on, if other ways are open. */
    private static final int MAX_READ_BY_TIME = 1_000;
    /** The maximum matches that are read for the newest of them, if other ways are open. */
    private static final int MAX_READ_BY_WORD = 500;
    /** The part of the articles that is read by period in excess of the estimate. */
    private static final double MARGIN = 1.3;

    private final Mono<Statistics> statistics;

    WordFrequencies(@Qualifier("pageReads") ConnectionFactory pageReads) {
        statistics = DatabaseClient.create(pageReads)
                .sql("""
                        select c.reltuples as articles, s.most_common_elems::text::text[] as words,
                            s.most_common_elem_freqs as shares,
                            array(select extract(epoch from b)::bigint
                                from unnest(t.histogram_bounds::text::timestamptz[]) b order by b) as times
                        from pg_class c left join pg_stats s
                            on s.schemaname = current_schema() and s.tablename = 'article' and s.attname = 'search'
                        left join pg_stats t
                            on t.schemaname = current_schema() and t.tablename = 'article' and t.attname = 'published_at'
                        where c.oid = 'article'::regclass""")
                .map(WordFrequencies::statistics)
                .one()
                .cache(read -> STATISTICS_TTL, failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    /**
     * Returns the plan that finds the newest matches sooner: by time or by word.
     *
     * @param wanted the number of newest matches
     */
    Mono<SearchPlan> plan(SearchQuery search, int wanted) {
        return statistics.defaultIfEmpty(NONE).map(known -> known.plan(search.share(known.shares()), wanted));
    }

    /** Returns the plan that finds the newest matches soonest. One by period may find fewer than the search has. */
    Mono<SearchPlan> planWithPeriods(SearchQuery search, int wanted) {
        return statistics
                .defaultIfEmpty(NONE)
                .map(known -> known.planWithPeriods(search.share(known.shares()), wanted));
    }

    /**
     * Returns the plan after one by period that found too few matches. It reads earlier articles too.
     *
     * @param found the number of matches that the plan found
     */
    Mono<SearchPlan> wider(SearchPlan plan, long found, int wanted) {
        return statistics.defaultIfEmpty(NONE).map(known -> known.wider(plan, found, wanted));
    }

    /**
     * Statistics of PostgreSQL.
     *
     * @param shares the shares of articles by frequent word
     * @param times times of publication in seconds, ascending, with as many articles between each two
     */
    private record Statistics(double articles, Map<String, Double> shares, List<Long> times) {

        SearchPlan plan(double share, int wanted) {
            // The newest matches are among wanted / share articles, and all matches are articles * share.
            return articles > 0 && share >= Math.sqrt(wanted / articles) ? SearchPlan.BY_TIME : SearchPlan.BY_WORD;
        }

        SearchPlan planWithPeriods(double share, int wanted) {
            // A word without statistics has at most the share of the rarest word with them.
            var assumed = share > 0
                    ? share
                    : shares.values().stream().min(Double::compare).orElse(0.0);
            return articles * assumed > MAX_READ_BY_WORD && wanted / assumed > MAX_READ_BY_TIME
                    ? newest(MARGIN * wanted / assumed)
                    : plan(share, wanted);
        }

        /** Returns the plan by the period of the newest articles. */
        private SearchPlan newest(double count) {
            var place = (1 - count / articles) * (times.size() - 1);
            if (place < 0 || times.isEmpty()) {
                return SearchPlan.BY_WORD;
            }
            var before = times.get((int) place);
            var after = times.get(Math.min((int) place + 1, times.size() - 1));
            var time = before + (long) ((after - before) * (place - (int) place));
            return SearchPlan.since(Instant.ofEpochSecond(time), Instant.now());
        }

        SearchPlan wider(SearchPlan plan, long found, int wanted) {
            var read = since(plan.since().getEpochSecond());
            if (found * articles <= read * MAX_READ_BY_WORD) {
                return SearchPlan.BY_WORD;
            }
            var wider = newest(MARGIN * wanted * read / found);
            return wider.since().isBefore(plan.since()) ? wider : SearchPlan.BY_WORD;
        }

        /** Returns the number of articles since a time in seconds. */
        private double since(long time) {
            var place = 0;
            while (place < times.size() && times.get(place) < time) {
                place++;
            }
            if (place == 0 || place == times.size()) {
                return place == 0 ? articles : 0;
            }
            var before = times.get(place - 1);
            var part = (double) (times.get(place) - time) / (times.get(place) - before);
            return articles * (times.size() - 1 - place + part) / (times.size() - 1);
        }
    }

    private static Statistics statistics(Readable row) {
        var words = row.get("words", String[].class);
        var shares = row.get("shares", Float[].class);
        var articles = row.get("articles", Float.class);
        var known = new HashMap<String, Double>();
        if (words != null && shares != null) {
            for (var i = 0; i < words.length; i++) {
                known.put(words[i], (double) shares[i]);
            }
        }
        var times = row.get("times", Long[].class);
        return new Statistics(articles == null ? 0 : articles, known, times == null ? List.of() : List.of(times));
    }
}
