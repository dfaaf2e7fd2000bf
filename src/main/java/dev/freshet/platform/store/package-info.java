/**
 * Connections to PostgreSQL and Redis.
 *
 * <p>{@link dev.freshet.platform.store.PostgresConfiguration} and {@link dev.freshet.platform.store.RedisConfiguration} create
 * the pools and clients that all higher packages inject. Redis is optional: a circuit breaker fails its commands at once while
 * it is unavailable.
 */
@NullMarked
package dev.freshet.platform.store;

import org.jspecify.annotations.NullMarked;
