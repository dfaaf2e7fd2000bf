package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import java.time.Duration;

/**
 * Tests that each step of a reader is in time: open a page, follow the feed, open an article, return with the cursor.
 * Page and streams together must be complete.
 */
public final class ReaderJourney extends Guarded {

    private static final Duration STAY = Duration.ofSeconds(3);

    private final Following following = new Following(this, run.budget().load("publishes"), 1, 0);

    {
        load(
                scenario("Readers")
                        .exec(journey())
                        .injectOpen(
                                constantUsersPerSec(run.budget().load("rate")).during(load)),
                following.publishers());
    }

    private ChainBuilder journey() {
        return exec(this::enter)
                .exec(timed(
                        "page",
                        request("page")
                                .get("/api/v1/articles")
                                .check(
                                        status().is(200),
                                        jsonPath("$.cursor").saveAs("cursor"),
                                        jsonPath("$.items[0].id").saveAs("article"))))
                .exitHereIfFailed()
                .exec(session -> following.visit(session, session.getString("cursor")))
                .exec(following.follow(STAY))
                .exec(timed(
                        "article",
                        request("article").get("/api/v1/articles/#{article}").check(status().is(200))))
                .exec(following.follow(STAY));
    }

    @Override
    void conclude() {
        following.finish();
    }
}
