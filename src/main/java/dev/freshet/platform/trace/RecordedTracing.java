package dev.freshet.platform.trace;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import java.util.Collection;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** Records spans with Micrometer. The present span is in the Reactor context. */
final class RecordedTracing implements Tracing {

    private static final Pattern TRACEPARENT = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-01");
    // Spans of the same statement. More would not be read.
    private static final int MAX_LINKS = 100;

    private final Tracer tracer;

    RecordedTracing(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public <T> Mono<T> withParent(Function<@Nullable String, Mono<T>> work) {
        return Mono.deferContextual(context -> {
            var present = present(context);
            return work.apply(present == null ? null : traceparent(present.context()));
        });
    }

    @Override
    public <T> Mono<T> span(String name, Mono<T> work) {
        return Mono.deferContextual(context -> {
            var present = present(context);
            return present == null
                    ? work
                    : record(tracer.spanBuilder().setParent(present.context()).name(name), work);
        });
    }

    @Override
    public <E, T> Mono<T> span(String name, Collection<E> causes, Function<E, @Nullable String> parent, Mono<T> work) {
        return Mono.defer(() -> {
            var contexts = causes.stream()
                    .map(parent)
                    .flatMap(Stream::ofNullable)
                    .distinct()
                    .limit(MAX_LINKS)
                    .map(this::context)
                    .flatMap(Stream::ofNullable)
                    .toList();
            if (contexts.isEmpty()) {
                return work;
            }
            var span = tracer.spanBuilder().setParent(contexts.getFirst()).name(name);
            contexts.stream().skip(1).map(Link::new).forEach(span::addLink);
            return record(span, work);
        });
    }

    private static <T> Mono<T> record(Span.Builder builder, Mono<T> work) {
        var span = builder.start();
        return work.doOnError(span::error)
                .doFinally(signal -> span.end())
                .contextWrite(context -> context.put(Span.class, span));
    }

    /** Returns the span of this package's work, or else of the request; null without one that is recorded. */
    private static @Nullable Span present(ContextView context) {
        var span = context.<Span>getOrDefault(Span.class, null);
        if (span == null) {
            var observation = context.<Observation>getOrDefault(ObservationThreadLocalAccessor.KEY, null);
            var tracing =
                    observation == null ? null : observation.getContextView().<TracingContext>get(TracingContext.class);
            span = tracing == null ? null : tracing.getSpan();
        }
        return span == null || !Boolean.TRUE.equals(span.context().sampled()) ? null : span;
    }

    private static String traceparent(TraceContext context) {
        return "00-" + context.traceId() + "-" + context.spanId() + "-01";
    }

    private @Nullable TraceContext context(String traceparent) {
        var matcher = TRACEPARENT.matcher(traceparent);
        return matcher.matches()
                ? tracer.traceContextBuilder()
                        .traceId(matcher.group(1))
                        .spanId(matcher.group(2))
                        .sampled(true)
                        .build()
                : null;
    }
}
