package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.percent;
import static io.gatling.javaapi.core.CoreDsl.randomSwitch;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.UUID;

/**
 * Tests that articles are published in time, among retries after a lost response, updates, conflicting updates, and
 * invalid requests. Each response is checked: a retry returns the same article, a conflict is refused.
 */
public final class Publishing extends Guarded {

    private static final String ARTICLE = """
            {"title":"Published under load","summary":"A sentence or two.","body":"In *short*, with a second \
            paragraph.\\n\\nThis one.","tags":["guard"],"status":"published"}""";

    {
        load(scenario("Writers")
                .exec(write())
                .injectOpen(constantUsersPerSec(run.budget().load("rate")).during(load)));
    }

    private ChainBuilder write() {
        return exec(session -> enter(session).set("key", UUID.randomUUID().toString()))
                .exec(randomSwitch()
                        .on(
                                percent(80).then(publish()),
                                percent(6).then(publish().exec(retry())),
                                percent(6).then(publish().exec(change("update", 200))),
                                percent(4)
                                        .then(publish()
                                                .exec(change("update", 200))
                                                .exec(change("conflict", 412))),
                                percent(4).then(mistake())));
    }

    private ChainBuilder publish() {
        return exec(timed(
                        "publish",
                        post("publish")
                                .check(
                                        status().is(201),
                                        jsonPath("$.id").saveAs("id"),
                                        header("ETag").saveAs("etag"))))
                .exitHereIfFailed();
    }

    private ChainBuilder retry() {
        return exec(timed(
                "retry", post("retry").check(status().is(201), jsonPath("$.id").isEL("#{id}"))));
    }

    private HttpRequestActionBuilder post(String operation) {
        return request(operation)
                .post("/api/v1/articles")
                .header("Authorization", "Bearer " + run.token())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", Publishing::key)
                .body(StringBody(ARTICLE));
    }

    /** Updates the article as it was published: refused once it has changed. */
    private ChainBuilder change(String operation, int expected) {
        return exec(timed(
                operation,
                request(operation)
                        .patch("/api/v1/articles/#{id}")
                        .header("Authorization", "Bearer " + run.token())
                        .header("Content-Type", "application/merge-patch+json")
                        .header("If-Match", "#{etag}")
                        .body(StringBody("{\"title\":\"Changed under load\"}"))
                        .check(status().is(expected))));
    }

    private ChainBuilder mistake() {
        return exec(timed(
                "mistake",
                request("mistake")
                        .post("/api/v1/articles")
                        .header("Authorization", "Bearer " + run.token())
                        .header("Content-Type", "application/json")
                        .body(StringBody("{\"title\":\"\",\"status\":\"published\"}"))
                        .check(status().is(400))));
    }

    private static String key(Session session) {
        return session.getString("key");
    }
}
