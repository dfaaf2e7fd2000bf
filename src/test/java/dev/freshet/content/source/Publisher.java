package dev.freshet.content.source;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.testing.Freshet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.r2dbc.core.DatabaseClient;
import tools.jackson.databind.JsonNode;

/** An account that manages sources over the API. */
final class Publisher {

    private final Freshet instance;
    private final UUID account;
    private final String token;

    /** Creates an account of an instance. */
    Publisher(Freshet instance, Role role) {
        this(instance, instance.account("publisher-" + UUID.randomUUID(), role), role);
    }

    private Publisher(Freshet instance, UUID account, Role role) {
        this(instance, account, instance.token(account, Scope.of(role)));
    }

    private Publisher(Freshet instance, UUID account, String token) {
        this.instance = instance;
        this.account = account;
        this.token = token;
    }

    /** Returns the same account at another instance of the service. */
    Publisher at(Freshet other) {
        return new Publisher(other, account, token);
    }

    UUID account() {
        return account;
    }

    /** Sends a request for a path below {@code /api/v1/sources}. */
    Freshet.Reply send(HttpMethod method, String path, @Nullable String body, String... headers) {
        var all = new ArrayList<>(List.of("Authorization", "Bearer " + token));
        all.addAll(List.of(headers));
        return get(instance.send(method, "/api/v1/sources" + path, body, all.toArray(String[]::new)));
    }

    /** Adds a source; {@code more} are further fields, each with a comma before it. */
    JsonNode add(String url, String more) {
        var reply = send(HttpMethod.POST, "", "{\"url\":\"" + url + "\"" + more + "}");
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
        return reply.json();
    }

    /** Adds a source and waits for its first polls. */
    JsonNode addAndPoll(String url, String more, int polls) {
        var source = add(url, more);
        until(() -> read(source, "/polls").equals(Integer.toString(polls)));
        return source;
    }

    JsonNode change(JsonNode source, String body) {
        var reply = send(HttpMethod.PATCH, path(source), body);
        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    JsonNode read(JsonNode source) {
        var reply = send(HttpMethod.GET, path(source), null);
        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    /** Returns the present value of a field as text. */
    String read(JsonNode source, String pointer) {
        return read(source).at(pointer).asString("");
    }

    /** Returns the last poll. */
    JsonNode lastPoll(JsonNode source) {
        return polls(source).path(0);
    }

    JsonNode polls(JsonNode source) {
        return send(HttpMethod.GET, path(source) + "/polls", null).json();
    }

    /** Polls a source now, and returns the poll. */
    JsonNode poll(JsonNode source) {
        var before = read(source, "/polls");
        makeDue(source);
        until(() -> !read(source, "/polls").equals(before));
        return lastPoll(source);
    }

    /** Makes a source due, as time would. */
    void makeDue(JsonNode source) {
        var id = UUID.fromString(source.path("id").asString());
        var database = instance.bean(DatabaseClient.class);
        get(database.sql("update polled_source set due_at = now() where id = :id")
                .bind("id", id)
                .fetch()
                .rowsUpdated());
        get(database.sql("""
                        update polled_host set wakes = wakes + 1, due_at = greatest(now(), coalesce(lease_until, now()))
                        where host = (select host from polled_source where id = :id)""").bind("id", id).fetch().rowsUpdated());
        instance.bean(PollWorker.class).wake();
    }

    /** Returns the articles with a tag, newest first. */
    List<JsonNode> articles(String tag) {
        return List.copyOf(instance.get("/api/v1/articles?limit=100&tag=" + tag)
                .json()
                .path("items")
                .values());
    }

    /** Returns the titles of the articles with a tag. */
    List<String> titles(String tag) {
        return articles(tag).stream()
                .map(article -> article.path("title").asString())
                .toList();
    }

    /** Returns the path of a source below the list. */
    static String path(JsonNode source) {
        return "/" + source.path("id").asString();
    }
}
