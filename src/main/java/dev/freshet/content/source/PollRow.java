package dev.freshet.content.source;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A poll as it is stored.
 *
 * @param status the HTTP status; null without a response
 * @param millis the duration
 * @param reason why it failed, or why entries were rejected; null for neither
 */
@Table("poll")
record PollRow(
        UUID source,
        Instant at,
        @Nullable Integer status,
        int created,
        int updated,
        int unchanged,
        int rejected,
        int repaired,
        long millis,
        @Nullable String reason) {}
