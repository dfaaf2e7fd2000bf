package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.percent;
import static io.gatling.javaapi.core.CoreDsl.randomSwitch;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.substring;
import static io.gatling.javaapi.http.HttpDsl.status;

import dev.freshet.load.GraphQlDocuments;
import dev.freshet.load.pages.PageKey;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tests that queries and subscriptions of GraphQL are in time. The queries are requested by GET, and a tenth of them is not
 * cached. Every subscriber receives every event, once and in order.
 */
public final class GraphQl extends Guarded {

    private static final double CACHED_PERCENT = 90;
    private static final Instant OLDEST = Instant.parse("2015-03-01T00:00:00Z");
    private static final Duration AGES = Duration.between(OLDEST, Instant.parse("2024-12-01T00:00:00Z"));

    private final Following following = new Following(
            this,
            run.budget().load("publishes"),
            (int) run.budget().load("feeds"),
            (int) run.budget().load("subscribers"),
            true);

    {
        load(following, readers());
    }

    private PopulationBuilder readers() {
        return scenario("Readers by GraphQL")
                .exec(this::enter)
                .exec(randomSwitch()
                        .on(
                                percent(CACHED_PERCENT)
                                        .then(exec(session -> session.set("target", GraphQlDocuments.page(any())))
                                                .exec(query("query"))),
                                percent(100 - CACHED_PERCENT)
                                        .then(exec(session -> session.set("target", GraphQlDocuments.pageAfter(key())))
                                                .exec(query("uncached")))))
                .injectOpen(constantUsersPerSec(run.budget().load("rate")).during(load));
    }

    private ChainBuilder query(String operation) {
        return exec(timed(
                operation,
                request(operation)
                        .get(session -> session.getString("target"))
                        .header("Accept", "application/graphql-response+json")
                        .check(
                                status().is(200),
                                substring("\"errors\"").notExists(),
                                jsonPath("$.data.articles.cursor").exists())));
    }

    private static int any() {
        return ThreadLocalRandom.current().nextInt(GraphQlDocuments.COUNT);
    }

    private static PageKey key() {
        var random = ThreadLocalRandom.current();
        return PageKey.of(
                OLDEST.plusMillis(random.nextLong(AGES.toMillis())), new UUID(random.nextLong(), random.nextLong()));
    }

    @Override
    void conclude() {
        following.finish();
    }
}
