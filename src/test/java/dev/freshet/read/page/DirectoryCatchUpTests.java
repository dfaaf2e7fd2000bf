package dev.freshet.read.page;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import dev.freshet.testing.TableLock;
import io.r2dbc.spi.ConnectionFactory;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;

/** Updates of the feed directory that take longer than a request may. */
class DirectoryCatchUpTests {

    private static final String DIRECTORY = "/api/v1/feeds?kind=tag";
    private static final String POSITION = "select seq from feed_directory_position";

    private final String url = Stores.database();
    private final Freshet instance = start();
    private final DatabaseClient database = instance.bean(DatabaseClient.class);

    private Freshet start() {
        // Too short for the count.
        return Freshet.start(
                url,
                "",
                Map.of(
                        "freshet.samples", "false",
                        "freshet.postgres.timeouts.page-read", "1s",
                        "freshet.postgres.timeouts.statement", "1s"));
    }

    @AfterEach
    void stop() {
        instance.close();
    }

    @Test
    void longCountRunsOnceInTheBackground() {
        var end = get(new LogWriter(instance).publishAll(20, "counted")).seq();
        var reader = instance.token(Role.READER);
        try (var other = start()) {
            try (var lock = TableLock.of(instance, "article_tag")) {
                assertThat(lock).isNotNull();
                // Different pages, so that no two share a read.
                var refused = Objects.requireNonNull(Flux.range(1, 40)
                        .flatMap(
                                i -> (i % 4 == 0 ? other : instance)
                                        .send(HttpMethod.GET, DIRECTORY + "&limit=" + i, null),
                                40)
                        .collectList()
                        .block(TIMEOUT));
                assertThat(refused).hasSize(40).allSatisfy(reply -> {
                    assertThat(reply.code()).isEqualTo(503);
                    assertThat(reply.headers().getFirst(HttpHeaders.RETRY_AFTER))
                            .isNotNull();
                });
                // On a busy machine, some reach the time limit of a statement before that of the count.
                assertThat(refused)
                        .anySatisfy(reply -> assertThat(reply.text("detail")).contains("being counted"));
                // One counts, and the other instance waits for it.
                assertThat(number("select count(*) from pg_stat_activity where datname = current_database()"
                                + " and state = 'active' and query like '%catch_up%' and pid <> pg_backend_pid()"))
                        .isEqualTo(2);
                assertThat(number("select count(*) from pg_locks where locktype = 'relation' and not granted"
                                + " and relation = 'article_tag'::regclass"))
                        .isEqualTo(1);
                assertThat(instance.get("/api/v1/session", HttpHeaders.AUTHORIZATION, "Bearer " + reader)
                                .code())
                        .isEqualTo(200);
            }
            // No further request is necessary.
            until(() -> number(POSITION) == end);
            for (var each : new Freshet[] {instance, other}) {
                assertThat(articles(each)).isEqualTo(20);
            }
        }
    }

    @Test
    void manyEventsAreFollowedInSteps() {
        get(new LogWriter(instance).publish("First", "followed"));
        assertThat(articles(instance)).isEqualTo(1);
        // Without a short time limit.
        var patient = DatabaseClient.create(instance.bean("longStatements", ConnectionFactory.class));
        patient.sql("insert into feed_log (seq, at, type, article_id, tags, author, source, article)"
                        + " select n, at, type, article_id, tags, author, source, article"
                        + " from feed_log, generate_series(2, 70000) n where seq = 1")
                .then()
                .then(patient.sql("update feed_clock set seq = 70000").then())
                .block(TIMEOUT);
        // Once the instance has noticed the events.
        until(() -> articles(instance) == 70_000);
        get(new LogWriter(instance).publish("Last", "followed"));
        assertThat(articles(instance)).isEqualTo(70_001);
    }

    /** Returns the number of articles of the first feed, once they are counted. */
    private static long articles(Freshet instance) {
        until(() -> instance.get(DIRECTORY).code() == 200);
        return instance.get(DIRECTORY)
                .json()
                .path("items")
                .path(0)
                .path("articles")
                .asLong();
    }

    private long number(String sql) {
        return get(database.sql(sql).mapValue(Long.class).one());
    }
}
