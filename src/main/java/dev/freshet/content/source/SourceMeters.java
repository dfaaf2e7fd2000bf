package dev.freshet.content.source;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;

/** Metrics of sources by state and outcome. States are those of all instances, as of the last count. */
final class SourceMeters implements MeterBinder {

    private final MeterRegistry registry;
    private volatile List<StateCount> states = List.of();
    private volatile double lateSeconds;

    SourceMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void bindTo(MeterRegistry target) {
        for (var state : SourceState.values()) {
            Gauge.builder("freshet.sources", this, meters -> meters.count(state))
                    .description("Sources of all instances")
                    .tag("state", state.toString())
                    .register(target);
        }
        Gauge.builder("freshet.sources.late", this, meters -> meters.lateSeconds)
                .description("Time since the poll that is due for the longest time")
                .baseUnit("seconds")
                .register(target);
    }

    private double count(SourceState state) {
        return (double) states.stream()
                .filter(each -> each.state().equals(state.wireName()))
                .mapToLong(StateCount::count)
                .sum();
    }

    void states(List<StateCount> counts) {
        states = List.copyOf(counts);
    }

    /** Records the time since which a host waits; 0 for none. */
    void late(double seconds) {
        lateSeconds = seconds;
    }

    /** Records a poll. */
    void poll(PollOutcome outcome, Duration time) {
        var name = switch (outcome) {
            case PollOutcome.Read read -> read.hasNews() ? "changed" : "unchanged";
            case PollOutcome.Found found -> "found";
            case PollOutcome.Failed failed -> "failed";
            case PollOutcome.Gone gone -> "gone";
        };
        registry.timer("freshet.source.polls", "outcome", name).record(time);
        if (outcome instanceof PollOutcome.Read read) {
            registry.counter("freshet.source.articles", "result", "created")
                    .increment((double) read.counts().created());
            registry.counter("freshet.source.articles", "result", "updated")
                    .increment((double) read.counts().updated());
        }
    }
}
