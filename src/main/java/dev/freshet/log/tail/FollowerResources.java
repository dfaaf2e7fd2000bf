package dev.freshet.log.tail;

import dev.freshet.log.feedlog.FeedLog;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Objects that follow the tail of the log with the follower.
 *
 * @param relay null without Redis
 * @param timer the clock of sweeps and waits
 */
record FollowerResources(
        FeedLog feedLog, List<Tail> tails, @Nullable Relay relay, TailSettings settings, Scheduler timer) {

    FollowerResources {
        tails = List.copyOf(tails);
    }
}
