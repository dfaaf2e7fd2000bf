/**
 * How much a client may ask for: rates by address and account, whose addresses are believed. Uses {@code security} for who asks.
 *
 * <p>Requests come by {@link dev.freshet.limit.RateFilter}, twice: by address before anything is known of the caller, and
 * by account once it is. What the web server answers itself asks {@link dev.freshet.limit.ReadLimit}. Buckets of sign-ins,
 * writes and streams are in Redis and exact over all instances; those of reads are each instance's own and settle with
 * Redis now and then, so no read waits for it.
 */
@NullMarked
package dev.freshet.limit;

import org.jspecify.annotations.NullMarked;
