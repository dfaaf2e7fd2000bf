package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedRule;
import dev.freshet.log.feedlog.Cursor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposables;

/** The transitions between the states of a subscriber. */
class SubscriberStateTests {

    private static final Cursor AT = new Cursor(7, 3);

    private static final Map<String, SubscriberState> STATES = Map.of(
            "Live",
                    new SubscriberState.Live(
                            new Topic(new Topic.Key(Feed.ALL, Format.SSE, Framing.PLAIN), FeedRule.of(Feed.ALL, null)),
                            0),
            "Pulling", new SubscriberState.Pulling(AT),
            "Reading", new SubscriberState.Reading(AT, Disposables.single()),
            "Paging", new SubscriberState.Paging(AT, new CatchUp.Page.Events(List.of(), 3, 0), 0),
            "Ended", new SubscriberState.Ended(AT));

    private static final Map<String, List<String>> ALLOWED = Map.of(
            "Live", List.of("Pulling", "Ended"),
            "Pulling", List.of("Live", "Pulling", "Reading", "Ended"),
            "Reading", List.of("Pulling", "Paging", "Ended"),
            "Paging", List.of("Pulling", "Paging", "Ended"),
            "Ended", List.of());

    static Stream<Arguments> pairs() {
        return STATES.keySet().stream().flatMap(from -> STATES.keySet().stream().map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void onlyListedTransitionsAreAllowed(String from, String to) {
        var state = Objects.requireNonNull(STATES.get(from));
        var next = Objects.requireNonNull(STATES.get(to));
        if (ALLOWED.getOrDefault(from, List.of()).contains(to)) {
            assertThat(state.to(next)).isSameAs(next);
        } else {
            assertThatThrownBy(() -> state.to(next))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("A subscriber cannot change from " + from + " to " + to);
        }
    }

    @ParameterizedTest
    @MethodSource("permitted")
    void everyStateHasTransitions(Class<?> state) {
        assertThat(SubscriberState.TRANSITIONS).containsKey(state.asSubclass(SubscriberState.class));
        assertThat(STATES).containsKey(state.getSimpleName());
    }

    static Stream<Class<?>> permitted() {
        return Stream.of(SubscriberState.class.getPermittedSubclasses());
    }
}
