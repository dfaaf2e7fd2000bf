package dev.freshet.content.article;

import java.util.UUID;
import org.springframework.data.relational.core.mapping.Column;
import org.springframework.data.relational.core.mapping.Table;

/**
 * The recorded response to a request with an idempotency key.
 *
 * @param requestDigest the SHA-256 of the request's draft, in hexadecimal
 * @param body the article's JSON
 */
@Table("idempotency")
record IdempotencyRecord(
        UUID account,
        String key,
        @Column("request") String requestDigest,
        UUID articleId,
        int status,
        String etag,
        String body) {

    RecordedResponse response() {
        return new RecordedResponse(articleId, status, etag, body);
    }
}
