package dev.freshet.stream;

import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The credential that a stream was opened with. The stream ends with it.
 *
 * @param expiresAt null for never
 * @param revoked returns whether the credential was revoked; called at each tick, so it must be quick
 */
record StreamCredential(@Nullable Instant expiresAt, BooleanSupplier revoked) {}
