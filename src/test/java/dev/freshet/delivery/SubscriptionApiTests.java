package dev.freshet.delivery;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;

/** Subscriptions as their owners manage them. */
class SubscriptionApiTests {

    private static final Map<String, String> SETTINGS =
            Map.of("freshet.fetch.allow", "127.0.0.1", "freshet.subscriptions.max-per-account", "3");
    private static final AtomicInteger TAGS = new AtomicInteger();

    private static Freshet instance;
    private static LogWriter writer;

    private final Receiver receiver = new Receiver();
    private final String tag = "api-" + TAGS.incrementAndGet();
    private Owner owner;

    @BeforeAll
    static void start() {
        instance = Freshet.shared(SETTINGS);
        writer = new LogWriter(instance);
    }

    @BeforeEach
    void signIn() {
        owner = new Owner(instance, Role.READER);
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void ownersSeeTheirOwnSubscriptionsAndAdminsAll() {
        var subscription = owner.webhook(receiver, tag, "");
        var id = subscription.path("id").asString();
        var stranger = new Owner(instance, Role.EDITOR);
        var admin = new Owner(instance, Role.ADMIN);

        assertThat(owner.send(HttpMethod.GET, "", null).body()).contains(id);
        assertThat(stranger.send(HttpMethod.GET, "", null).body()).doesNotContain(id);
        assertThat(admin.send(HttpMethod.GET, "", null).body()).contains(id);
        for (var path : new String[] {"", "/rejected"}) {
            assertThat(stranger.send(HttpMethod.GET, "/" + id + path, null).code())
                    .isEqualTo(404);
            assertThat(admin.send(HttpMethod.GET, "/" + id + path, null).code()).isEqualTo(200);
        }
        for (var path : new String[] {"/test", "/key", "/rejected/1-1"}) {
            assertThat(stranger.send(HttpMethod.POST, "/" + id + path, null).code())
                    .isEqualTo(404);
        }
        assertThat(stranger.send(HttpMethod.PATCH, "/" + id, "{}").code()).isEqualTo(404);
        assertThat(stranger.send(HttpMethod.DELETE, "/" + id, null).code()).isEqualTo(404);
        assertThat(admin.send(HttpMethod.DELETE, "/" + id, null).code()).isEqualTo(204);
        assertThat(owner.send(HttpMethod.GET, "/" + id, null).code()).isEqualTo(404);
    }

    @Test
    void listHasPages() {
        for (var i = 0; i < 3; i++) {
            owner.webhook(receiver, tag, "");
        }
        var first = owner.send(HttpMethod.GET, "?limit=2", null).json();
        var second = owner.send(
                        HttpMethod.GET, "?limit=2&before=" + first.path("next").asString(), null)
                .json();

        assertThat(first.path("items").size()).isEqualTo(2);
        assertThat(second.path("items").size()).isEqualTo(1);
        assertThat(second.path("next").isMissingNode() || second.path("next").isNull())
                .isTrue();
        assertThat(first.toString())
                .doesNotContain(second.at("/items/0/id").asString())
                .contains("\"lag\":");
    }

    @Test
    void accountHasALimitedNumber() {
        for (var i = 0; i < 3; i++) {
            owner.webhook(receiver, tag, "");
        }
        var refused = owner.send(
                HttpMethod.POST,
                "",
                "{\"name\":\"x\",\"target\":{\"type\":\"webhook\",\"url\":\"" + receiver.url() + "\"}}");
        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.text("detail")).contains("at most 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"name\":\"\"",
                "\"name\":\"a\\nb\"",
                "\"batch\":0",
                "\"batch\":101",
                "\"start\":\"yesterday\"",
                "\"start\":\"1-1\"",
                "\"state\":\"paused\"",
                "\"feed\":{\"q\":\"the\"}",
                "\"feed\":{\"tags\":[\"a\"]}",
                "\"feed\":{\"tag\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\",\"13\","
                        + "\"14\",\"15\",\"16\",\"17\",\"18\",\"19\",\"20\",\"21\"]}",
                "\"url\":\"http://example.org/\""
            })
    void invalidFieldIsRefused(String field) {
        var body = "{" + (field.startsWith("\"name\"") ? "" : "\"name\":\"x\",") + field
                + ",\"target\":{\"type\":\"webhook\",\"url\":\"" + receiver.url() + "\"}}";
        var reply = owner.send(HttpMethod.POST, "", body);
        assertThat(reply.code()).as(reply.body()).isEqualTo(400);
    }

    @Test
    void replayBeginsAtACursorOrATime() {
        var before = Instant.now();
        var first = get(writer.publish("One", tag));
        get(writer.publish("Two", tag));
        var subscription = owner.webhook(receiver, tag, ",\"start\":\"" + first + "\"");
        until(() -> owner.read(subscription, "/delivered").equals("1"));
        assertThat(receiver.titles()).containsExactly("Two");

        owner.change(subscription, "{\"start\":\"" + before + "\"}");
        until(() -> owner.read(subscription, "/delivered").equals("3"));
        assertThat(receiver.titles()).containsExactly("Two", "One", "Two");
        assertThat(owner.read(subscription, "/lag/events")).isEqualTo("0");
    }

    @Test
    void pausedSubscriptionKeepsItsPlace() {
        var subscription = owner.webhook(receiver, tag, "");
        until(() -> owner.read(subscription, "/state").equals("active"));
        assertThat(owner.change(subscription, "{\"state\":\"paused\"}")
                        .path("state")
                        .asString())
                .isEqualTo("paused");
        get(writer.publish("Kept", tag));
        var other = owner.webhook(receiver, tag, ",\"start\":\"earliest\"");
        until(() -> owner.read(other, "/delivered").equals("1"));
        assertThat(owner.read(subscription, "/lag/events")).isNotEqualTo("0");
        assertThat(owner.read(subscription, "/delivered")).isEqualTo("0");

        owner.change(subscription, "{\"state\":\"active\"}");
        until(() -> owner.read(subscription, "/delivered").equals("1"));
    }

    @Test
    void newAddressMustConfirmAgain() {
        try (var next = new Receiver()) {
            var subscription = owner.webhook(receiver, tag, "");
            until(() -> owner.read(subscription, "/state").equals("active"));
            var changed = owner.change(
                    subscription,
                    "{\"name\":\"moved\",\"target\":{\"type\":\"webhook\",\"url\":\"" + next.url() + "\"}}");
            assertThat(changed.path("state").asString()).isEqualTo("unverified");
            assertThat(changed.path("name").asString()).isEqualTo("moved");
            get(writer.publish("There", tag));
            until(() -> next.titles().contains("There"));
            assertThat(next.count()).isEqualTo(2);
            assertThat(receiver.titles()).isEmpty();
        }
    }

    @Test
    void feedOfFollowedNamesFollowsItsOwner() {
        var reader = instance.account("follower-" + tag, Role.READER);
        var follower = new Owner(instance, reader);
        var reply = follower.send(
                HttpMethod.POST,
                "",
                "{\"name\":\"mine\",\"feed\":{\"following\":true},\"target\":{\"type\":\"webhook\",\"url\":\""
                        + receiver.url() + "\"}}");
        assertThat(reply.code()).isEqualTo(201);
        var examined = get(writer.publish("Unfollowed", tag)).toString();
        until(() -> follower.read(reply.json(), "/cursor").equals(examined));
        follower.follow("tag", tag);
        get(writer.publish("Followed", tag));
        until(() -> receiver.titles().contains("Followed"));
        assertThat(receiver.titles()).containsExactly("Followed");
    }

    @Test
    void disabledAccountReceivesNothing() {
        var id = instance.account("leaving-" + tag, Role.READER);
        var leaving = new Owner(instance, id);
        var subscription = leaving.webhook(receiver, tag, "");
        until(() -> leaving.read(subscription, "/state").equals("active"));
        get(instance.bean(Accounts.class).change(id, Role.READER.toString(), null, true));
        get(writer.publish("Secret", tag));
        var witness = owner.webhook(receiver, tag, ",\"start\":\"PT1H\"");
        until(() -> owner.read(witness, "/delivered").equals("1"));
        assertThat(receiver.titles()).hasSize(1);
    }

    @Test
    void unknownSubscriptionIsNotFound() {
        var reply = owner.send(HttpMethod.GET, "/" + UUID.randomUUID(), null);
        assertThat(reply.code()).isEqualTo(404);
        assertThat(reply.text("type")).isEqualTo("/problems/subscription-not-found");
    }
}
