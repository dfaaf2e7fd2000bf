package dev.freshet.delivery;

import dev.freshet.platform.trace.Tracing;

/** The parts that all runs of an instance share. */
record DeliveryResources(
        ClaimRepository claims,
        StateRepository states,
        EventReader reader,
        SubscriptionParser parser,
        SubscriptionSettings settings,
        SubscriptionMeters meters,
        Tracing tracing) {

    /** Returns the times between attempts. */
    RetryDelay retries() {
        return new RetryDelay(settings.firstRetry(), settings.maxRetry());
    }
}
