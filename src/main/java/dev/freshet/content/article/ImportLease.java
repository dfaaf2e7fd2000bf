package dev.freshet.content.article;

import java.util.UUID;

/**
 * The claim of an instance on a polled source. An import under a lease writes nothing once another claim or a change of the
 * source has increased the fencing number.
 *
 * @param source the id of the source
 * @param fence the fencing number of the claim
 */
public record ImportLease(UUID source, long fence) {}
