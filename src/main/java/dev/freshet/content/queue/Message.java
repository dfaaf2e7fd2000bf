package dev.freshet.content.queue;

import org.jspecify.annotations.Nullable;

/**
 * A message of a queue.
 *
 * @param id the digest of its id; null if it has none
 * @param body an article as a line of JSON, or a CloudEvent with one
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record Message(@Nullable String id, byte[] body) {}
