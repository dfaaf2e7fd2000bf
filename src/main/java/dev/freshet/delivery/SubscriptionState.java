package dev.freshet.delivery;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.freshet.platform.WireName;

/**
 * The state of a subscription.
 *
 * <ul>
 *   <li>Unverified becomes active when the target confirms, and ended when it does not.
 *   <li>Active becomes failing after several failed attempts, and a success ends that.
 *   <li>The owner pauses a subscription, and resumes it: to active if the target has confirmed, else to unverified.
 *   <li>A target that is gone ends it. The owner can resume it, and the target must confirm again.
 * </ul>
 */
public enum SubscriptionState implements WireName {
    /** The target has not confirmed yet that it wants events. */
    UNVERIFIED,
    /** Events are delivered. */
    ACTIVE,
    /** Attempts fail. The cursor waits, and attempts continue. In the table this is an active one with a time. */
    FAILING,
    /** Nothing is delivered until the owner resumes it. */
    PAUSED,
    /** The target is gone, or did not confirm. */
    ENDED;

    @JsonValue
    @Override
    public String toString() {
        return wireName();
    }
}
