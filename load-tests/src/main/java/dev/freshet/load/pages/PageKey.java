package dev.freshet.load.pages;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;

/**
 * The start of a page in the form of Freshet: after the article with this time, id and rank.
 *
 * @param micros since 1970
 * @param rank the search rank, 0 outside of searches
 */
public record PageKey(long micros, UUID id, float rank) {

    static PageKey parse(String text) {
        var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        return new PageKey(bytes.getLong(), new UUID(bytes.getLong(), bytes.getLong()), bytes.getFloat());
    }

    public static PageKey of(Instant time, UUID id) {
        return new PageKey(ChronoUnit.MICROS.between(Instant.EPOCH, time), id, 0);
    }

    Instant time() {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Returns a key that begins a moment later or earlier, at the same article or close to it. */
    PageKey plus(long moreMicros) {
        return new PageKey(micros + moreMicros, id, rank);
    }

    @Override
    public String toString() {
        var bytes = ByteBuffer.allocate(28)
                .putLong(micros)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putFloat(rank);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }
}
