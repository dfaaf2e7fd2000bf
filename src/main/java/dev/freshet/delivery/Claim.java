package dev.freshet.delivery;

import reactor.core.publisher.Mono;

/**
 * The claim under which an instance delivers events of a subscription.
 *
 * @param number its fencing number, which later claims of the subscription exceed
 * @param held asks the store whether no later claim exists, and extends the lease if so
 */
public record Claim(long number, Mono<Boolean> held) {}
