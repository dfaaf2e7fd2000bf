package dev.freshet.content.article;

import dev.freshet.platform.problem.Problem;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records responses by the idempotency key of their request, so that a repeated request has no further effect. It uses
 * {@code DatabaseClient}, because one statement inserts many rows and ignores conflicts, and the key has two columns.
 */
@Component
class Idempotency {

    private static final int EXPIRY_BATCH_SIZE = 1000;

    private final DatabaseClient client;
    private final JsonMapper json;

    Idempotency(DatabaseClient client, JsonMapper json) {
        this.client = client;
        this.json = json;
    }

    /**
     * A request that may be repeated.
     *
     * @param digest the digest of its draft, in hexadecimal
     */
    record Request(UUID account, String key, String digest) {}

    /**
     * Records responses in the caller's transaction. Waits for other transactions that record one of the keys.
     *
     * @param responses by request, with unique keys
     * @return the earlier responses of the requests that have one. Fails with {@link Problem#IDEMPOTENCY_KEY_REUSED} if an
     *     earlier request had another content
     */
    Mono<Map<Request, RecordedResponse>> record(Map<Request, RecordedResponse> responses) {
        if (responses.isEmpty()) {
            return Mono.just(Map.of());
        }
        var rows = new ArrayList<Map<String, Object>>();
        responses.forEach((request, response) -> rows.add(row(request, response)));
        return client.sql("""
                        insert into idempotency (account, key, request, article_id, status, etag, body)
                        select account, key, decode(request, 'hex'), article_id, status, etag, body
                        from json_to_recordset(cast(:rows as json)) as r(
                            account uuid, key text, request text, article_id uuid, status int, etag text, body text)
                        order by account, key
                        on conflict (account, key) do nothing
                        returning article_id""")
                .bind("rows", json.writeValueAsString(rows))
                .map(row -> require(row, "article_id", UUID.class))
                .all()
                .collect(Collectors.toSet())
                .flatMap(recorded -> Flux.fromIterable(responses.entrySet())
                        .filter(entry -> !recorded.contains(entry.getValue().articleId()))
                        .map(Map.Entry::getKey)
                        .concatMap(request -> earlier(request).map(response -> Map.entry(request, response)))
                        .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, Object> row(Request request, RecordedResponse response) {
        return Map.of(
                "account", request.account(),
                "key", request.key(),
                "request", request.digest(),
                "article_id", response.articleId(),
                "status", response.status(),
                "etag", response.etag(),
                "body", response.body());
    }

    private Mono<RecordedResponse> earlier(Request request) {
        return client.sql("""
                        select article_id, status, etag, body, request from idempotency
                        where account = :account and key = :key""")
                .bind("account", request.account())
                .bind("key", request.key())
                .map(row -> {
                    if (!HexFormat.of()
                            .formatHex(require(row, "request", byte[].class))
                            .equals(request.digest())) {
                        throw Problem.IDEMPOTENCY_KEY_REUSED.because(
                                "This Idempotency-Key was used for a request with another content.");
                    }
                    return new RecordedResponse(
                            require(row, "article_id", UUID.class),
                            require(row, "status", Integer.class),
                            require(row, "etag", String.class),
                            require(row, "body", String.class));
                })
                .one()
                .switchIfEmpty(Mono.error(
                        () -> Problem.UNAVAILABLE.because("The Idempotency-Key is expiring. Retry the request.")));
    }

    /** Deletes responses older than an age, in batches. */
    Mono<Void> deleteOlderThan(Duration age) {
        return client.sql("""
                        delete from idempotency where (account, key) in (
                            select account, key from idempotency
                            where created_at < now() - make_interval(secs => :seconds)
                            order by created_at limit :limit for update skip locked)""")
                .bind("seconds", (double) age.toSeconds())
                .bind("limit", EXPIRY_BATCH_SIZE)
                .fetch()
                .rowsUpdated()
                .repeat()
                .takeUntil(rows -> rows < EXPIRY_BATCH_SIZE)
                .then();
    }

    private static <T> T require(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
