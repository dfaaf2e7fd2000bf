package dev.freshet.content.article;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@link WriteStatement}: an article with everything that its write needs.
 *
 * @param base the version that the change is based on; null for a new article
 * @param words the words to search for, as a {@code tsvector}; null if they stay the same
 * @param key the idempotency key of the request that creates the article, with the request's digest and its response
 * @param lease the source under whose lease the article is imported, with the fencing number
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record WriteRow(
        @JsonUnwrapped StoredArticle stored,
        @Nullable Long base,
        @Nullable String words,
        @Nullable String key,
        @Nullable String request,
        @Nullable Integer code,
        @Nullable String etag,
        @Nullable String response,
        @Nullable UUID lease,
        @Nullable Long fence) {

    static WriteRow of(ArticleChange change, @Nullable ImportLease lease) {
        var before = change.before();
        var base = before == null ? null : before.article().version();
        var found = change.after().article().content().words();
        var words = found == null ? null : found.vector();
        var recorded = change.recorded();
        if (recorded == null) {
            return new WriteRow(
                    change.after(),
                    base,
                    words,
                    null,
                    null,
                    null,
                    null,
                    null,
                    lease == null ? null : lease.source(),
                    lease == null ? null : lease.fence());
        }
        var response = recorded.response();
        return new WriteRow(
                change.after(),
                base,
                words,
                recorded.request().key(),
                recorded.request().digest(),
                response.status(),
                response.etag(),
                response.body(),
                null,
                null);
    }
}
