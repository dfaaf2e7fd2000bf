package dev.freshet.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;

/** Metrics of subscriptions by state, type and outcome. States are those of all instances, as of the last look. */
final class SubscriptionMeters implements MeterBinder {

    private final MeterRegistry registry;
    private volatile List<StateCount> states = List.of();

    SubscriptionMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void bindTo(MeterRegistry target) {
        for (var state : SubscriptionState.values()) {
            Gauge.builder("freshet.subscriptions", this, meters -> meters.count(state))
                    .description("Subscriptions of all instances")
                    .tag("state", state.toString())
                    .register(target);
        }
        Gauge.builder("freshet.subscriptions.lag", this, SubscriptionMeters::lag)
                .description("Events that the slowest active or failing subscription is behind")
                .register(target);
    }

    private double count(SubscriptionState state) {
        return (double) states.stream()
                .filter(each -> each.state().equals(state.wireName()))
                .mapToLong(StateCount::count)
                .sum();
    }

    private double lag() {
        return (double) states.stream()
                .filter(each -> each.state().equals(SubscriptionState.ACTIVE.wireName())
                        || each.state().equals(SubscriptionState.FAILING.wireName()))
                .mapToLong(StateCount::lag)
                .max()
                .orElse(0);
    }

    void states(List<StateCount> counts) {
        states = List.copyOf(counts);
    }

    /**
     * Records an attempt.
     *
     * @param events the count of events in it
     */
    void attempt(String type, Outcome outcome, int events, Duration time) {
        var name = switch (outcome) {
            case Outcome.Delivered delivered -> "delivered";
            case Outcome.Refused refused -> "refused";
            case Outcome.Failed failed -> "failed";
            case Outcome.Gone gone -> "gone";
        };
        registry.timer("freshet.subscription.attempts", "type", type, "outcome", name)
                .record(time);
        if (outcome instanceof Outcome.Delivered) {
            registry.counter("freshet.subscription.events", "type", type).increment(events);
        }
    }
}
