package dev.freshet.platform.trace;

import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Records spans of traces, and carries their context as the W3C header {@code traceparent}. A trace continues in other
 * threads, instances and systems by that text. Safe for use by any thread.
 */
public interface Tracing {

    /** Records nothing, and changes no work. */
    Tracing OFF = new Tracing() {

        @Override
        public <T> Mono<T> withParent(Function<@Nullable String, Mono<T>> work) {
            return work.apply(null);
        }

        @Override
        public <T> Mono<T> span(String name, Mono<T> work) {
            return work;
        }

        @Override
        public <E, T> Mono<T> span(
                String name, Collection<E> causes, Function<E, @Nullable String> parent, Mono<T> work) {
            return work;
        }
    };

    /** Calls a function with the {@code traceparent} of the present span; null without a span that is recorded. */
    <T> Mono<T> withParent(Function<@Nullable String, Mono<T>> work);

    /** Records work as a child of the present span. Without one, nothing is recorded. */
    <T> Mono<T> span(String name, Mono<T> work);

    /**
     * Records work that other spans caused. It continues the trace of the first one, and links to the others. Without one,
     * nothing is recorded.
     *
     * @param causes the events to work on
     * @param parent returns the {@code traceparent} of an event; null for none
     */
    <E, T> Mono<T> span(String name, Collection<E> causes, Function<E, @Nullable String> parent, Mono<T> work);
}
