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

/** Remembers answers by the key that their request carried, so that sending it again does nothing again. */
@Component
class Idempotency {

    private static final int FORGET_AT_ONCE = 1000;

    private final DatabaseClient client;
    private final JsonMapper json;

    Idempotency(DatabaseClient client, JsonMapper json) {
        this.client = client;
        this.json = json;
    }

    /**
     * A request that may come again.
     *
     * @param digest of its content, in hexadecimal
     */
    record Request(UUID account, String key, String digest) {}

    /**
     * Remembers answers in the caller's transaction. While another transaction does so for one of the keys, this waits.
     *
     * @param answers by request; no key may be there twice
     * @return the earlier answers of the requests that have one; {@link Problem#IDEMPOTENCY_KEY_REUSED} when one of
     *     these was to a request of another content
     */
    Mono<Map<Request, RecordedResponse>> record(Map<Request, RecordedResponse> answers) {
        if (answers.isEmpty()) {
            return Mono.just(Map.of());
        }
        var rows = new ArrayList<Map<String, Object>>();
        answers.forEach((request, answer) -> rows.add(row(request, answer)));
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
                .flatMap(remembered -> Flux.fromIterable(answers.entrySet())
                        .filter(entry -> !remembered.contains(entry.getValue().articleId()))
                        .map(Map.Entry::getKey)
                        .concatMap(request -> earlier(request).map(answer -> Map.entry(request, answer)))
                        .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, Object> row(Request request, RecordedResponse answer) {
        return Map.of(
                "account", request.account(),
                "key", request.key(),
                "request", request.digest(),
                "article_id", answer.articleId(),
                "status", answer.status(),
                "etag", answer.etag(),
                "body", answer.body());
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
                                "The Idempotency-Key was used for a request with another content.");
                    }
                    return new RecordedResponse(
                            require(row, "article_id", UUID.class),
                            require(row, "status", Integer.class),
                            require(row, "etag", String.class),
                            require(row, "body", String.class));
                })
                .one()
                .switchIfEmpty(Mono.error(
                        () -> Problem.UNAVAILABLE.because("The Idempotency-Key expires at this very moment.")));
    }

    /** Forgets answers that are older than this, some at a time. */
    Mono<Void> forget(Duration age) {
        return client.sql("""
                        delete from idempotency where (account, key) in (
                            select account, key from idempotency
                            where created_at < now() - make_interval(secs => :seconds)
                            order by created_at limit :limit for update skip locked)""")
                .bind("seconds", (double) age.toSeconds())
                .bind("limit", FORGET_AT_ONCE)
                .fetch()
                .rowsUpdated()
                .repeat()
                .takeUntil(rows -> rows < FORGET_AT_ONCE)
                .then();
    }

    private static <T> T require(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
