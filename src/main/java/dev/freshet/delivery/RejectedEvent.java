package dev.freshet.delivery;

import java.time.Instant;
import java.util.UUID;
import org.springframework.data.relational.core.mapping.Table;

/** An event that a target refused. */
@Table("rejected_event")
record RejectedEvent(long epoch, long seq, String type, UUID article, String error, Instant rejectedAt) {}
