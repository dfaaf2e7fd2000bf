package dev.freshet.article;

import dev.freshet.problem.Problem;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Remembers answers by the key that their request carried, so that sending it again does nothing again. */
@Component
class Idempotency {

    private static final int FORGET_AT_ONCE = 1000;

    private final DatabaseClient client;

    Idempotency(DatabaseClient client) {
        this.client = client;
    }

    /**
     * A request that may come again.
     *
     * @param digest of its content, in hexadecimal
     */
    record Request(UUID account, String key, String digest) {}

    /**
     * Remembers an answer in the caller's transaction. While another transaction does so for the same key, this waits.
     *
     * @return empty when the answer is remembered; the earlier answer when there is one; {@link
     *     Problem#IDEMPOTENCY_KEY_REUSED} when that was to another request
     */
    Mono<Answer> remember(Request request, Answer answer) {
        return client.sql("""
                        insert into idempotency (account, key, request, article_id, status, etag, body)
                        values (:account, :key, :request, :article, :status, :etag, :body)
                        on conflict (account, key) do nothing""")
                .bind("account", request.account())
                .bind("key", request.key())
                .bind("request", HexFormat.of().parseHex(request.digest()))
                .bind("article", answer.articleId())
                .bind("status", answer.status())
                .bind("etag", answer.etag())
                .bind("body", answer.body())
                .fetch()
                .rowsUpdated()
                .flatMap(rows -> rows == 1 ? Mono.empty() : earlier(request));
    }

    private Mono<Answer> earlier(Request request) {
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
                    return new Answer(
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
