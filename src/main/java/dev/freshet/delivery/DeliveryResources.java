package dev.freshet.delivery;

/** The parts that all runs of an instance share. */
record DeliveryResources(
        ClaimRepository claims,
        StateRepository states,
        EventReader reader,
        SubscriptionParser parser,
        SubscriptionSettings settings,
        SubscriptionMeters meters) {

    /** Returns the times between attempts. */
    RetryDelay retries() {
        return new RetryDelay(settings.firstRetry(), settings.maxRetry());
    }
}
