package dev.freshet.read.page;

import dev.freshet.search.SearchQuery;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.HashMap;
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
    private static final Statistics NONE = new Statistics(0, Map.of());

    private final Mono<Statistics> statistics;

    WordFrequencies(@Qualifier("pageReads") ConnectionFactory pageReads) {
        statistics = DatabaseClient.create(pageReads)
                .sql("""
                        select c.reltuples as articles, s.most_common_elems::text::text[] as words,
                            s.most_common_elem_freqs as shares
                        from pg_class c left join pg_stats s
                            on s.schemaname = current_schema() and s.tablename = 'article' and s.attname = 'search'
                        where c.oid = 'article'::regclass""")
                .map(WordFrequencies::statistics)
                .one()
                .cache(read -> STATISTICS_TTL, failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    /**
     * Returns whether the newest matches are found sooner by reading the newest articles than by reading all matches.
     *
     * @param wanted the number of newest matches
     */
    Mono<Boolean> isCommon(SearchQuery search, int wanted) {
        return statistics
                .defaultIfEmpty(NONE)
                // The newest matches are among wanted / share articles, and all matches are articles * share.
                .map(known ->
                        known.articles() > 0 && search.share(known.shares()) >= Math.sqrt(wanted / known.articles()));
    }

    private record Statistics(double articles, Map<String, Double> shares) {}

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
        return new Statistics(articles == null ? 0 : articles, known);
    }
}
