package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.get;

import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Freshet.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** A client of the write API with a token. */
final class Api {

    private final Freshet instance;
    private final UUID account;
    private final String token;

    private Api(Freshet instance, UUID account, String token) {
        this.instance = instance;
        this.account = account;
        this.token = token;
    }

    /** For a new account of this name. */
    static Api of(Freshet instance, String name) {
        return of(instance, name, Role.AUTHOR);
    }

    static Api of(Freshet instance, String name, Role role) {
        var id = UUID.randomUUID();
        get(instance.bean(Accounts.class).create(id, name, null, role.toString()));
        return new Api(
                instance,
                id,
                get(instance.bean(Tokens.class)
                        .issue(id, Set.of(Scope.ARTICLES_WRITE), Duration.ofHours(1), UUID.randomUUID())));
    }

    UUID account() {
        return account;
    }

    String token() {
        return token;
    }

    Reply post(String json, String... headers) {
        return get(posting(json, headers));
    }

    Mono<Reply> posting(String json, String... headers) {
        return send(HttpMethod.POST, "/api/v1/articles", json, MediaType.APPLICATION_JSON_VALUE, headers);
    }

    /** Posts an article and gives its path. */
    String path(String json) {
        return Objects.requireNonNull(post(json).headers().getFirst(HttpHeaders.LOCATION));
    }

    Reply read(String path, String... headers) {
        return get(send(HttpMethod.GET, path, null, null, headers));
    }

    Reply put(String path, String ifMatch, String json) {
        return get(send(HttpMethod.PUT, path, json, MediaType.APPLICATION_JSON_VALUE, "If-Match", ifMatch));
    }

    Reply patch(String path, String ifMatch, String json) {
        return get(send(HttpMethod.PATCH, path, json, "application/merge-patch+json", "If-Match", ifMatch));
    }

    Reply delete(String path, String ifMatch) {
        return get(send(HttpMethod.DELETE, path, null, null, "If-Match", ifMatch));
    }

    Reply publish(String path, String ifMatch) {
        return get(send(HttpMethod.POST, path + "/publish", null, null, "If-Match", ifMatch));
    }

    Reply exchange(HttpMethod method, String path, @Nullable String body, @Nullable String type, String... headers) {
        return get(send(method, path, body, type, headers));
    }

    private Mono<Reply> send(
            HttpMethod method, String path, @Nullable String body, @Nullable String type, String... headers) {
        var all = new ArrayList<>(List.of(HttpHeaders.AUTHORIZATION, "Bearer " + token));
        if (type != null) {
            all.addAll(List.of(HttpHeaders.CONTENT_TYPE, type));
        }
        all.addAll(List.of(headers));
        return instance.send(method, path, body, all.toArray(String[]::new));
    }

    /** The types of events of an article, in order, such as {@code article.published}. */
    String events(String path) {
        return get(instance.bean(DatabaseClient.class)
                .sql("select coalesce(string_agg(substr(type, 9), ' ' order by seq), '') from feed_log"
                        + " where article_id = :id")
                .bind("id", UUID.fromString(path.substring(path.lastIndexOf('/') + 1)))
                .mapValue(String.class)
                .one());
    }

    static long count(Freshet instance, String sql) {
        return get(instance.bean(DatabaseClient.class)
                .sql("select count(*) from " + sql)
                .mapValue(Long.class)
                .one());
    }
}
