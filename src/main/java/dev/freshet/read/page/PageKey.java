package dev.freshet.read.page;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.freshet.content.article.Article;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The start of the next older page: after the article with this time and id, and in a search also after this rank.
 * Opaque to clients.
 *
 * @param publishedAt to the microsecond
 * @param rank the search rank, 0 outside of searches
 */
public record PageKey(Instant publishedAt, UUID id, float rank) {

    // The range of an article's time; the store has no date for others.
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    /** Returns the key after a published article. */
    static PageKey after(Article article, float rank) {
        return new PageKey(Objects.requireNonNull(article.publication().publishedAt()), article.id(), rank);
    }

    /** Parses a key of this program; returns null for any other text. */
    public static @Nullable PageKey parse(String text) {
        try {
            var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            var time = Instant.EPOCH.plus(bytes.getLong(), ChronoUnit.MICROS);
            var key = new PageKey(time, new UUID(bytes.getLong(), bytes.getLong()), bytes.getFloat());
            return bytes.hasRemaining() || !Float.isFinite(key.rank) || time.isBefore(FIRST) || time.isAfter(LAST)
                    ? null
                    : key;
        } catch (IllegalArgumentException | BufferUnderflowException | ArithmeticException e) {
            return null;
        }
    }

    @Override
    @JsonValue
    public String toString() {
        var bytes = ByteBuffer.allocate(28)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, publishedAt))
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putFloat(rank);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }
}
