package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.status;

import dev.freshet.load.Home;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicInteger;

/** People who sign in with a password and read the feed of the tags that they follow. */
final class People {

    // A budget of sign-ins per account would end the run otherwise.
    private static final int ACCOUNTS = 40;
    private static final int FOLLOWED_TAGS = 10;
    private static final String PASSWORD = "correct horse battery";

    private final Guarded simulation;
    private final String name = "guard" + Long.toString(System.currentTimeMillis(), 36);
    private final AtomicInteger next = new AtomicInteger();

    /** Creates the accounts. */
    People(Guarded simulation) {
        this.simulation = simulation;
        try {
            for (var i = 0; i < ACCOUNTS; i++) {
                create(name + "x" + i);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void create(String account) throws IOException, InterruptedException {
        var body = "{\"name\":\"%s\",\"role\":\"reader\",\"password\":\"%s\"}".formatted(account, PASSWORD);
        send(request("/api/v1/accounts").POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return simulation
                .run
                .request(simulation.run.address().resolve(path))
                .header("Content-Type", "application/json");
    }

    private static void send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = Home.HTTP.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(response.request().uri() + " answers " + response.statusCode() + ": "
                    + response.body() + " The token needs the scope accounts:manage");
        }
    }

    /** Signs in, follows a tag, and reads the followed feed twice. */
    PopulationBuilder population(double rate) {
        return scenario("People")
                .exec(session -> {
                    var number = next.getAndIncrement();
                    return simulation
                            .enter(session)
                            .set("account", name + "x" + number % ACCOUNTS)
                            .set("tag", "tag" + (1 + number / ACCOUNTS % FOLLOWED_TAGS));
                })
                .exec(signIn())
                .exec(follow())
                .exec(followed())
                .exec(followed())
                .injectOpen(constantUsersPerSec(rate).during(simulation.load));
    }

    private ChainBuilder signIn() {
        return exec(simulation.timed(
                        "sign-in",
                        simulation
                                .request("sign-in")
                                .post("/api/v1/session")
                                .header("Content-Type", "application/json")
                                .body(StringBody("{\"name\":\"#{account}\",\"password\":\"" + PASSWORD + "\"}"))
                                .check(
                                        status().is(200),
                                        jsonPath("$.accessToken").saveAs("access"))))
                .exitHereIfFailed();
    }

    private ChainBuilder follow() {
        return simulation.timed(
                "follow",
                simulation
                        .request("follow")
                        .put("/api/v1/following/tag/#{tag}")
                        .header("Authorization", "Bearer #{access}")
                        .check(status().in(200, 201, 204)));
    }

    private ChainBuilder followed() {
        return simulation.timed(
                "followed",
                simulation
                        .request("followed")
                        .get("/api/v1/articles?following=true")
                        .header("Authorization", "Bearer #{access}")
                        .check(status().is(200)));
    }
}
