package dev.freshet.delivery;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.testing.Freshet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

/** An account that manages subscriptions over the API. */
public final class Owner {

    private final Freshet instance;
    private final String token;

    /** Creates an account of an instance. */
    public Owner(Freshet instance, Role role) {
        this(instance, instance.token(role));
    }

    /** Signs in as an account of an instance. */
    public Owner(Freshet instance, UUID account) {
        this(instance, instance.token(account, Scope.of(Role.READER)));
    }

    private Owner(Freshet instance, String token) {
        this.instance = instance;
        this.token = token;
    }

    /** Returns the same account at another instance of the service. */
    public Owner at(Freshet other) {
        return new Owner(other, token);
    }

    /** Follows a name. */
    public void follow(String kind, String name) {
        var reply = get(instance.send(
                HttpMethod.PUT, "/api/v1/following/" + kind + "/" + name, null, "Authorization", "Bearer " + token));
        assertThat(reply.code()).isEqualTo(204);
    }

    /** Sends a request for a path below {@code /api/v1/subscriptions}. */
    public Freshet.Reply send(HttpMethod method, String path, @Nullable String body) {
        return get(instance.send(method, "/api/v1/subscriptions" + path, body, "Authorization", "Bearer " + token));
    }

    /** Creates a webhook for a tag; {@code more} are further fields, each with a comma before it. */
    public JsonNode webhook(Receiver receiver, String tag, String more) {
        return webhook(receiver.url(), tag, more);
    }

    /** Creates a webhook for a tag; {@code more} are further fields, each with a comma before it. */
    public JsonNode webhook(String url, String tag, String more) {
        var reply = send(
                HttpMethod.POST,
                "",
                "{\"name\":\"test\",\"feed\":{\"tag\":[\"" + tag + "\"]},\"target\":{\"type\":\"webhook\",\"url\":\""
                        + url + "\"}" + more + "}");
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
        return reply.json();
    }

    /** Changes a subscription. */
    public JsonNode change(JsonNode subscription, String body) {
        var reply = send(HttpMethod.PATCH, path(subscription), body);
        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    /** Reads the present state of a subscription. */
    public JsonNode read(JsonNode subscription) {
        var reply = send(HttpMethod.GET, path(subscription), null);
        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    /** Returns the present value of a field of a subscription as text. */
    public String read(JsonNode subscription, String pointer) {
        return read(subscription).at(pointer).asString("");
    }

    /** Returns the path of a subscription below the list. */
    public static String path(JsonNode subscription) {
        return "/" + subscription.path("id").asString();
    }
}
