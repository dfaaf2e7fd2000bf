package dev.freshet.read.page;

import dev.freshet.identity.account.Role;
import dev.freshet.search.SearchVector;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.MadeUpWords;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.r2dbc.core.DatabaseClient;

/** Many articles and the readers who follow their names, written by SQL. */
final class ManyArticles {

    /** Words with smaller numbers are more frequent. */
    static final int VOCABULARY = 5000;

    private static final int BATCH = 20_000;
    /** The number of different texts. */
    private static final int DOCUMENTS = 20_000;

    private static final int DOCUMENTS_PER_INSERT = 1_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(20);

    private final Random random = new Random(20_261_129);
    private final DatabaseClient client;
    private final Freshet instance;

    ManyArticles(Freshet instance) {
        this.instance = instance;
        // Without a short time limit.
        this.client = DatabaseClient.create(instance.bean("longStatements", ConnectionFactory.class));
    }

    /** Creates a reader who follows names of all degrees of popularity. */
    UUID reader(int tags, int authors, int sources) {
        var reader = instance.account("follower-" + UUID.randomUUID(), Role.READER);
        var counts = Map.of("tag", tags, "author", authors, "source", sources);
        counts.forEach((kind, count) -> client.sql("insert into following (account, kind, name)"
                        + " select :reader, :kind, :kind || n from generate_series(1, :count) n")
                .bind("reader", reader)
                .bind("kind", kind)
                .bind("count", count)
                .then()
                .block(TIMEOUT));
        return reader;
    }

    /**
     * Adds articles with one to five of 1,000 tags, by one of 1,000 authors, from one of 200 sources.
     *
     * @param words the number of words of each; 0 for none
     */
    void fill(int articles, int words) {
        var owner = instance.account("owner-of-many", Role.AUTHOR);
        run("insert into author (name) select 'author' || n from generate_series(1, 1000) n");
        run("insert into source (name) select 'source' || n from generate_series(1, 200) n");
        var searchIndex = Freshet.get(client.sql("select pg_get_indexdef('article_by_search'::regclass)")
                .mapValue(String.class)
                .one());
        if (words > 0) {
            createWords(words);
        }
        for (var from = 1; from <= articles; from += BATCH) {
            client.sql(
                            "insert into article (id, slug, title, summary, body, html, tags, author_id, source_id, language,"
                                    + " status, owner, published_at, updated_at, version, search) select gen_random_uuid(), 's', 'T', '',"
                                    // The multipliers spread the names; small numbers are frequent.
                                    + " '', '', array(select distinct 'tag' || 1 + (n * 7919::bigint * k % 31) * (n * 104729::bigint"
                                    + " * k % 33) from generate_series(1, 1 + n % 5) k),"
                                    + " (select id from author where name = 'author' || 1 + (n * 31::bigint % 37) * (n % 27)),"
                                    + " (select id from source where name = 'source' || 1 + n * 17::bigint % 200),"
                                    // Some articles have the same time.
                                    + " 'en', 'published', :owner, now() - interval '1 s' * (n / 3), now(), 1, "
                                    + (words > 0
                                            ? "(select w.search from many_words w where w.n = i.n % " + DOCUMENTS + ")"
                                            : "''")
                                    + " from generate_series(:from, :to) i(n)")
                    .bind("owner", owner)
                    .bind("from", from)
                    .bind("to", Math.min(from + BATCH - 1, articles))
                    .then()
                    .block(TIMEOUT);
        }
        if (words > 0) {
            run("set maintenance_work_mem = '256MB'");
            run(searchIndex);
        }
        for (var table : List.of("article", "article_tag", "author", "source")) {
            run("vacuum analyze " + table);
        }
    }

    /**
     * Creates a table of the words of articles, which the articles share, and drops the index that many inserts would delay.
     */
    private void createWords(int words) {
        run("create table many_words (n int primary key, search tsvector not null)");
        for (var from = 0; from < DOCUMENTS; from += DOCUMENTS_PER_INSERT) {
            var vectors = IntStream.range(0, DOCUMENTS_PER_INSERT)
                    .mapToObj(i -> IntStream.range(0, words)
                            .mapToObj(k -> MadeUpWords.of(MadeUpWords.random(random, VOCABULARY)))
                            .collect(Collectors.joining(" ")))
                    .map(text -> SearchVector.of("", "", text, "en"))
                    .toArray(String[]::new);
            client.sql("insert into many_words select :from + n - 1, cast(vector as tsvector)"
                            + " from unnest(:vectors) with ordinality v(vector, n)")
                    .bind("from", from)
                    .bind("vectors", vectors)
                    .then()
                    .block(TIMEOUT);
        }
        run("analyze many_words");
        run("drop index article_by_search");
    }

    private void run(String sql) {
        client.sql(sql).then().block(TIMEOUT);
    }
}
