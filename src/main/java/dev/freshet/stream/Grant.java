package dev.freshet.stream;

import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What allows a client to hold a stream, which ends with it.
 *
 * @param expiresAt null for never
 * @param revoked whether it is good no more; asked often, so it must not take time
 */
record Grant(@Nullable Instant expiresAt, BooleanSupplier revoked) {}
