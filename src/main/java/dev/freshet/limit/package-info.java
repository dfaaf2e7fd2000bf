/**
 * Rate limits by address and account.
 *
 * <p>{@link dev.freshet.limit.RateFilter} counts each request twice: by address before authentication, and by account
 * after it. The fast path for cached pages uses {@link dev.freshet.limit.EdgeRules}. Buckets of sign-ins, writes and
 * streams are in Redis and exact over all instances. Buckets of reads belong to each instance and settle with Redis
 * periodically, so no read waits for Redis.
 */
@NullMarked
package dev.freshet.limit;

import org.jspecify.annotations.NullMarked;
