package dev.freshet.delivery;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.SelectedEntry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Delivers the events of one claimed subscription for a turn, one attempt at a time. Its state belongs to its one
 * pipeline. Each result is recorded with the fencing number of the claim, and the turn ends once that has no effect.
 */
final class DeliveryRun {

    /** The time after which another instance can take over from one that stopped without notice. */
    static final Duration LEASE = Duration.ofSeconds(4);

    private static final Logger log = LoggerFactory.getLogger(DeliveryRun.class);
    private static final Duration RENEWAL = Duration.ofMillis(1300);
    // Long enough to make claims cheap, short enough for the others that wait for a place.
    private static final Duration TURN = Duration.ofSeconds(1);
    /** Far longer than a statement takes. Ends a run whose connection is silent. */
    private static final Duration RECORD_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final double LEASE_SECONDS = LEASE.toMillis() / 1000.0;
    private static final int MAX_VERIFICATIONS = 10;
    private static final long MAX_BATCH_CHARACTERS = 1024 * 1024;

    private final DeliveryResources resources;
    private final Supplier<Cursor> tail;
    private final TargetType type;
    private final Target target;
    private final UUID id;
    private final long fence;
    private final long turnEnds = System.nanoTime() + TURN.toNanos();
    private SubscriptionRow row;
    private EventReader.Page.@Nullable Events page;
    private List<SelectedEntry> pending = List.of();
    // A batch was refused: events up to this seq are sent one by one, to find the refused one.
    private long singlesUntil;
    private boolean idle;
    private boolean released;

    DeliveryRun(DeliveryResources resources, SubscriptionRow claimed, Supplier<Cursor> tail) {
        this.resources = resources;
        this.tail = tail;
        this.row = claimed;
        this.id = claimed.id();
        this.fence = claimed.fence();
        this.type = resources.parser().type(claimed.type());
        this.target = resources.parser().target(claimed, new Claim(fence, Mono.defer(this::renew)));
    }

    private Mono<Boolean> renew() {
        return resources.claims().renew(id, fence, LEASE_SECONDS).map(renewed -> renewed > 0);
    }

    /** Delivers until the subscription has caught up, an attempt fails, or the turn is over. Never fails. */
    Mono<Void> run() {
        // Not Flux.interval, whose cancellation takes a lock of the timer, on which an event loop must not wait.
        var lost = Mono.delay(RENEWAL)
                .repeat()
                .concatMap(tick -> renew().onErrorReturn(true))
                .filter(held -> !held);
        return Mono.defer(this::step)
                .repeat(this::continues)
                .then(Mono.defer(this::release))
                .onErrorResume(failure -> {
                    // The lease ends the claim, and the next one tries again.
                    log.warn("Delivering to subscription {} failed", id, failure);
                    return Mono.empty();
                })
                .takeUntilOther(lost);
    }

    private boolean continues() {
        return !released && !idle && System.nanoTime() - turnEnds < 0;
    }

    private Mono<Void> release() {
        return released
                ? Mono.empty()
                : resources.claims().release(id, fence).timeout(RECORD_TIMEOUT).then();
    }

    private Mono<Void> step() {
        if (!row.verified()) {
            return attempt(type.verify(target), 0).flatMap(attempt -> recordVerification(attempt.outcome()));
        }
        if (page != null && !pending.isEmpty() && resources.reader().isCurrent(page)) {
            return send(page);
        }
        return resources
                .reader()
                .read(resources.parser().feed(row), row.content(), row.cursor(), tail.get())
                .flatMap(read -> switch (read) {
                    case EventReader.Page.Events events -> begin(events);
                    case EventReader.Page.Lost lost -> sendReset(lost);
                });
    }

    private Mono<Void> begin(EventReader.Page.Events events) {
        page = events;
        pending = events.events();
        if (!pending.isEmpty()) {
            return send(events);
        }
        if (events.reached() == row.seq()) {
            idle = true;
            return Mono.empty();
        }
        return advance(new Cursor(row.epoch(), events.reached()), 0, false);
    }

    private Mono<Void> send(EventReader.Page.Events read) {
        var chunk = chunk();
        var rest = pending.subList(chunk.size(), pending.size());
        var last = chunk.getLast().entry().seq();
        var reached = new Cursor(row.epoch(), rest.isEmpty() ? read.reached() : last);
        var events = chunk.stream()
                .map(selected -> DeliveryEvent.of(row.epoch(), selected, row.content()))
                .toList();
        var delivery =
                resources.tracing().span("delivery", events, DeliveryEvent::traceparent, type.deliver(target, events));
        return attempt(delivery, events.size()).flatMap(attempt -> switch (attempt.outcome()) {
            case Outcome.Delivered delivered -> {
                pending = rest;
                yield advance(reached, events.size(), attempt.slow());
            }
            case Outcome.Refused refused -> {
                if (events.size() > 1) {
                    singlesUntil = last;
                    yield Mono.empty();
                }
                pending = rest;
                yield refuse(refused, events.getFirst(), new Cursor(row.epoch(), last));
            }
            case Outcome.Failed failed -> fail(failed.error(), false, failed.retryAfter());
            case Outcome.Gone gone -> end(gone.error());
        });
    }

    private List<SelectedEntry> chunk() {
        var size = 0;
        var characters = 0L;
        var max = row.refusals() > 0 || pending.getFirst().entry().seq() <= singlesUntil
                ? 1
                : type.maxEvents(row.batch());
        do {
            characters += pending.get(size).entry().wholeArticle().length();
            size++;
        } while (size < Math.min(max, pending.size()) && characters < MAX_BATCH_CHARACTERS);
        return pending.subList(0, size);
    }

    private Mono<Void> sendReset(EventReader.Page.Lost lost) {
        var event = DeliveryEvent.reset(lost.reason(), lost.end());
        return attempt(type.deliver(target, List.of(event)), 1).flatMap(attempt -> switch (attempt.outcome()) {
            case Outcome.Delivered delivered -> advance(lost.end(), 1, attempt.slow());
            case Outcome.Refused refused -> fail(refused.error(), false, null);
            case Outcome.Failed failed -> fail(failed.error(), false, failed.retryAfter());
            case Outcome.Gone gone -> end(gone.error());
        });
    }

    private record Attempt(Outcome outcome, boolean slow) {}

    private Mono<Attempt> attempt(Mono<Outcome> delivery, int events) {
        return Mono.defer(() -> {
            var start = System.nanoTime();
            return delivery.map(outcome -> {
                var time = Duration.ofNanos(System.nanoTime() - start);
                resources.meters().attempt(type.name(), outcome, events, time);
                return new Attempt(outcome, time.compareTo(SLOW) > 0);
            });
        });
    }

    private Mono<Void> recordVerification(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered delivered -> record(claims -> claims.confirm(id, fence, LEASE_SECONDS), false);
            case Outcome.Refused refused -> failVerification(refused.error(), null);
            case Outcome.Failed failed -> failVerification(failed.error(), failed.retryAfter());
            case Outcome.Gone gone -> end(gone.error());
        };
    }

    private Mono<Void> failVerification(String error, @Nullable Duration retryAfter) {
        return row.failures() + 1 < MAX_VERIFICATIONS ? fail(error, false, retryAfter) : end(error);
    }

    private Mono<Void> advance(Cursor to, int events, boolean slow) {
        return record(claims -> claims.advance(id, fence, to.epoch(), to.seq(), events, slow, LEASE_SECONDS), false);
    }

    private Mono<Void> refuse(Outcome.Refused refused, DeliveryEvent event, Cursor at) {
        var settings = resources.settings();
        if (row.refusals() + 1 < settings.refusals() || event.article() == null) {
            return fail(refused.error(), true, null);
        }
        return resources
                .claims()
                .reject(
                        id,
                        fence,
                        at.epoch(),
                        at.seq(),
                        event.type(),
                        event.article(),
                        refused.error(),
                        settings.maxRejected(),
                        LEASE_SECONDS)
                .timeout(RECORD_TIMEOUT)
                .doOnNext(next -> row = next)
                .hasElement()
                .flatMap(rejected -> rejected
                        ? Mono.<Void>empty()
                        : fail("The list of rejected events is full. " + refused.error(), true, null));
    }

    private Mono<Void> fail(String error, boolean refused, @Nullable Duration retryAfter) {
        var failures = row.failures() + 1;
        var delay = resources.retries().after(failures, retryAfter);
        return record(
                claims -> claims.fail(
                        id,
                        fence,
                        error,
                        refused,
                        delay.toMillis() / 1000.0,
                        failures >= resources.settings().failingAfter()),
                true);
    }

    private Mono<Void> end(String error) {
        return record(claims -> claims.end(id, fence, error), true);
    }

    /**
     * Records a result.
     *
     * @param releases whether the statement ends the claim; without an effect, the claim has ended before
     */
    private Mono<Void> record(Function<ClaimRepository, Mono<SubscriptionRow>> statement, boolean releases) {
        return statement
                .apply(resources.claims())
                .timeout(RECORD_TIMEOUT)
                .doOnNext(next -> row = next)
                .hasElement()
                .doOnNext(recorded -> released = releases || !recorded)
                .then();
    }
}
