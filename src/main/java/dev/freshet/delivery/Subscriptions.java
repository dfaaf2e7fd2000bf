package dev.freshet.delivery;

import dev.freshet.content.article.UuidV7;
import dev.freshet.feed.FeedSettings;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Role;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Extent;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.platform.problem.Problem;
import dev.freshet.stream.StartPosition;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** The subscriptions of accounts. Their owners see and change them, and so do admins. */
final class Subscriptions {

    private static final int MAX_START_LENGTH = 100;

    /** The parts that all operations use. */
    record Resources(
            SubscriptionRepository repository,
            Accounts accounts,
            FeedLog feedLog,
            FeedSettings feeds,
            TransactionalOperator transactions) {}

    private final Resources resources;
    private final SubscriptionRepository repository;
    private final SubscriptionParser parser;
    private final SubscriptionSettings settings;
    private final DeliveryWorker worker;

    Subscriptions(
            Resources resources, SubscriptionParser parser, SubscriptionSettings settings, DeliveryWorker worker) {
        this.resources = resources;
        this.repository = resources.repository();
        this.parser = parser;
        this.settings = settings;
        this.worker = worker;
    }

    /** A stored subscription and, where it was created, the key with which its owner verifies events. */
    record Stored(SubscriptionRow row, @Nullable String key) {}

    /** Creates a subscription, whose target is asked to confirm at once. */
    Mono<Stored> create(Caller caller, SubscriptionRequest request) {
        request.check(true);
        var filter = Objects.requireNonNullElse(request.feed(), FeedFilter.ALL);
        filter.checked(caller.id(), resources.feeds());
        var type = parser.type(request.type());
        var target = type.settings(request.settings());
        checkRole(caller, type, target);
        var start = position(Objects.requireNonNullElse(request.start(), "latest"));
        return Mono.zip(start, secrets(type, target, null))
                .flatMap(both -> resources
                        .transactions()
                        .transactional(resources
                                .accounts()
                                .lock(caller.id())
                                .flatMap(id -> repository.count(caller.id()))
                                .filter(count -> count < settings.maxPerAccount())
                                .switchIfEmpty(
                                        Mono.error(() -> Problem.INVALID_REQUEST.because("An account has at most "
                                                + settings.maxPerAccount() + " subscriptions. Delete one first.")))
                                .flatMap(count -> repository.add(
                                        UuidV7.next(Instant.now()),
                                        caller.id(),
                                        Objects.requireNonNull(request.name()).strip(),
                                        parser.text(filter),
                                        type.name(),
                                        parser.text(target),
                                        both.getT2().stored(),
                                        Boolean.TRUE.equals(request.content()),
                                        Objects.requireNonNullElse(request.batch(), 1),
                                        both.getT1().epoch(),
                                        both.getT1().seq()))
                                .map(row -> new Stored(row, both.getT2().key()))))
                .doOnNext(stored -> worker.wake());
    }

    /** Throws the problem to report if the caller may not send events to a target. */
    static void checkRole(Caller caller, TargetType type, JsonNode target) {
        var role = type.requiredRole(target);
        if (!caller.isAtLeast(role)) {
            throw Problem.FORBIDDEN.because("Deliveries to this target require the role " + role + ".");
        }
    }

    private record NewSecrets(
            @Nullable String stored, @Nullable String key) {}

    private Mono<NewSecrets> secrets(TargetType type, JsonNode target, @Nullable JsonNode former) {
        return Mono.fromCallable(() -> {
                    var secrets = type.secrets(target, former, Instant.now());
                    return new NewSecrets(secrets == null ? null : parser.text(secrets), type.key(secrets));
                })
                // Keys need random numbers, which the system may block on.
                .subscribeOn(Schedulers.boundedElastic());
    }

    /** Resolves a start to a cursor of this log. */
    private Mono<Cursor> position(String start) {
        if (start.length() > MAX_START_LENGTH) {
            throw Problem.INVALID_CURSOR.because("start is longer than " + MAX_START_LENGTH + " characters.");
        }
        var feedLog = resources.feedLog();
        return switch (StartPosition.parse(start, Instant.now())) {
            case StartPosition.Latest latest -> feedLog.extent().map(Extent::end);
            case StartPosition.Earliest earliest -> feedLog.extent().map(Extent::beginning);
            case StartPosition.AtTime from -> feedLog.before(from.time());
            case StartPosition.UnknownCursor unknown -> Mono.error(() -> notOfThisLog());
            case StartPosition.AfterCursor after ->
                feedLog.extent()
                        .filter(extent -> extent.epoch() == after.cursor().epoch()
                                && extent.last() >= after.cursor().seq()
                                && extent.first() - 1 <= after.cursor().seq())
                        .switchIfEmpty(Mono.error(() -> notOfThisLog()))
                        .map(extent -> after.cursor());
        };
    }

    private static RuntimeException notOfThisLog() {
        return Problem.INVALID_CURSOR.because(
                "start is a cursor that the log does not reach. Use a newer one, earliest or latest.");
    }

    /** Returns a subscription that the caller may see. */
    Mono<SubscriptionRow> find(Caller caller, UUID id) {
        return visible(caller, repository.find(id));
    }

    private static Mono<SubscriptionRow> visible(Caller caller, Mono<SubscriptionRow> found) {
        return found.filter(row -> caller.id().equals(row.account()) || caller.isAtLeast(Role.ADMIN))
                .switchIfEmpty(Mono.error(
                        () -> Problem.SUBSCRIPTION_NOT_FOUND.because("Your account has no subscription of this id.")));
    }

    /** Returns the subscriptions that the caller may see, newest first. */
    Flux<SubscriptionRow> list(Caller caller, UUID before, int limit) {
        return repository.list(caller.isAtLeast(Role.ADMIN) ? null : caller.id(), before, limit);
    }

    /** Changes a subscription, and ends the delivery in progress, whose events may be sent again. */
    Mono<SubscriptionRow> change(Caller caller, UUID id, SubscriptionRequest request) {
        request.check(false);
        var start = request.start();
        return find(caller, id)
                .flatMap(seen -> {
                    var filter = request.feed();
                    if (filter != null) {
                        filter.checked(seen.account(), resources.feeds());
                    }
                    checkRole(
                            caller,
                            parser.type(seen.type()),
                            parser.target(seen).settings());
                    return resources
                            .transactions()
                            .transactional((start == null ? Mono.just(seen.cursor()) : position(start))
                                    .flatMap(position -> visible(caller, repository.lock(id))
                                            .flatMap(row -> change(
                                                    caller, row, request, start == null ? row.cursor() : position))));
                })
                .doOnNext(changed -> worker.wake());
    }

    private Mono<SubscriptionRow> change(
            Caller caller, SubscriptionRow row, SubscriptionRequest request, Cursor cursor) {
        var target = row.target();
        var verified = row.verified();
        if (request.target() != null) {
            var type = parser.type(request.type());
            if (!type.name().equals(row.type())) {
                throw Problem.INVALID_REQUEST.because("The type of a target cannot be changed. Create a subscription.");
            }
            var next = type.settings(request.settings());
            checkRole(caller, type, next);
            verified = verified && next.equals(parser.target(row).settings());
            target = parser.text(next);
        }
        var resumed = "active".equals(request.state())
                || (request.target() != null && !row.state().equals(SubscriptionState.PAUSED.wireName()));
        var state = "paused".equals(request.state())
                ? SubscriptionState.PAUSED.wireName()
                : state(row.state(), resumed, verified);
        return repository.change(
                row.id(),
                request.name() == null ? row.name() : request.name().strip(),
                request.feed() == null ? row.feed() : parser.text(request.feed()),
                target,
                request.content() == null ? row.content() : request.content(),
                request.batch() == null ? row.batch() : request.batch(),
                state,
                verified,
                cursor.epoch(),
                cursor.seq(),
                resumed || request.start() != null);
    }

    private static String state(String former, boolean resumed, boolean verified) {
        if (!resumed) {
            return former;
        }
        return (verified ? SubscriptionState.ACTIVE : SubscriptionState.UNVERIFIED).wireName();
    }

    /** Replaces the key with which the owner verifies events. The former one stays valid for a time. */
    Mono<Stored> replaceKey(Caller caller, UUID id) {
        return find(caller, id).flatMap(row -> {
            var type = parser.type(row.type());
            var target = parser.target(row);
            return secrets(type, target.settings(), target.secrets()).flatMap(next -> {
                var stored = next.stored();
                return stored == null
                        ? Mono.error(() -> Problem.INVALID_REQUEST.because("This type of target has no key."))
                        : repository.replaceSecrets(id, stored).map(changed -> new Stored(changed, next.key()));
            });
        });
    }

    /** Deletes a subscription with its rejected events. */
    Mono<Void> remove(Caller caller, UUID id) {
        return find(caller, id).flatMap(row -> repository.remove(id)).then();
    }
}
