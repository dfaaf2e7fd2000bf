package dev.freshet.content.source;

import dev.freshet.content.article.UuidV7;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.Role;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The sources of accounts. Their owners see and change them, and so do admins. */
final class Sources {

    private static final double MILLIS = 1000;

    /** The parts that all operations use. */
    record Resources(
            SourceRepository repository,
            PollLogRepository polls,
            Accounts accounts,
            TransactionalOperator transactions,
            SourceCodec codec,
            SourceSettings settings) {}

    private final Resources resources;
    private final SourceRepository repository;
    private final PollWorker worker;

    Sources(Resources resources, PollWorker worker) {
        this.resources = resources;
        this.repository = resources.repository();
        this.worker = worker;
    }

    /** Creates a source, which is polled at once. */
    Mono<SourceRow> create(Caller caller, SourceRequest request) {
        request.check(true, minInterval());
        var url = SourceRequest.address(Objects.requireNonNull(request.url()));
        var add = add(caller, request, url).switchIfEmpty(Mono.error(() -> exists(url)));
        return resources
                .transactions()
                .transactional(resources
                        .accounts()
                        .lock(caller.id())
                        .flatMap(id -> repository.count(caller.id()))
                        .filter(count -> count < resources.settings().maxPerAccount())
                        .switchIfEmpty(Mono.error(() -> tooMany()))
                        .flatMap(count -> add))
                .doOnNext(row -> worker.wake());
    }

    private Mono<SourceRow> add(Caller caller, SourceRequest request, URI url) {
        return Mono.defer(() -> repository
                .wake(SourceRow.host(url))
                .then(repository.add(
                        UuidV7.next(Instant.now()),
                        caller.id(),
                        request.name() == null
                                ? SourceRow.host(url)
                                : request.name().strip(),
                        url.toString(),
                        SourceRow.host(url),
                        tags(Objects.requireNonNullElse(request.tags(), List.of())),
                        author(request.author()),
                        request.interval() == null ? null : IntervalText.seconds(request.interval()),
                        (double) resources.settings().interval().first().toMillis() / MILLIS)));
    }

    private Duration minInterval() {
        return resources.settings().interval().min();
    }

    private String tags(List<@Nullable String> tags) {
        return resources.codec().text(SourceRequest.cleaned(tags));
    }

    private static @Nullable String author(@Nullable String author) {
        return author == null || author.isBlank() ? null : author.strip();
    }

    private ProblemException tooMany() {
        return Problem.INVALID_REQUEST.because(
                "An account has at most " + resources.settings().maxPerAccount() + " sources. Delete one first.");
    }

    private static ProblemException exists(URI url) {
        return Problem.SOURCE_EXISTS.because("Your account has a source with the address " + url + ".");
    }

    /** Returns a source that the caller may see. */
    Mono<SourceRow> find(Caller caller, UUID id) {
        return visible(caller, repository.find(id));
    }

    private static Mono<SourceRow> visible(Caller caller, Mono<SourceRow> found) {
        return found.filter(row -> caller.id().equals(row.account()) || caller.isAtLeast(Role.ADMIN))
                .switchIfEmpty(
                        Mono.error(() -> Problem.SOURCE_NOT_FOUND.because("Your account has no source of this id.")));
    }

    /** Returns the sources that the caller may see, newest first. */
    Flux<SourceRow> list(Caller caller, UUID before, int limit) {
        return repository.list(caller.isAtLeast(Role.ADMIN) ? null : caller.id(), before, limit);
    }

    /** Returns all sources of the caller's account, in the order of their names. */
    Flux<SourceRow> listOwn(Caller caller) {
        return repository.listAll(caller.id());
    }

    /** Changes a source, and ends the poll in progress. An active source is polled at once. */
    Mono<SourceRow> change(Caller caller, UUID id, SourceRequest request) {
        request.check(false, minInterval());
        var requested = request.url() == null ? null : SourceRequest.address(request.url());
        return resources
                .transactions()
                .transactional(visible(caller, repository.lock(id)).flatMap(row -> change(row, request, requested)))
                .onErrorMap(DuplicateKeyException.class, taken -> requested == null ? taken : exists(requested))
                .doOnNext(row -> worker.wake());
    }

    private Mono<SourceRow> change(SourceRow row, SourceRequest request, @Nullable URI requested) {
        var isMoved = requested != null && !requested.toString().equals(row.url());
        var host = isMoved ? SourceRow.host(Objects.requireNonNull(requested)) : row.host();
        return repository
                .wake(host)
                .then(repository.change(
                        row.id(),
                        request.name() == null ? row.name() : request.name().strip(),
                        requested == null ? row.url() : requested.toString(),
                        host,
                        request.tags() == null ? row.tags() : tags(request.tags()),
                        request.author() == null ? row.author() : author(request.author()),
                        request.interval() == null ? row.fixed() : IntervalText.seconds(request.interval()),
                        state(row, request, isMoved),
                        isMoved));
    }

    /** Returns the next state: a new address resumes an ended source, but not a paused one. */
    private static String state(SourceRow row, SourceRequest request, boolean isMoved) {
        if (request.state() != null) {
            return request.state();
        }
        return isMoved && row.state().equals(SourceState.ENDED.wireName())
                ? SourceState.ACTIVE.wireName()
                : row.state();
    }

    /** Deletes a source. Its articles stay. */
    Mono<Void> remove(Caller caller, UUID id) {
        return find(caller, id).flatMap(row -> repository.remove(id)).then();
    }

    /** Returns the last polls of a source, newest first. */
    Flux<PollRow> polls(Caller caller, UUID id) {
        return find(caller, id).flatMapMany(row -> resources.polls().list(id, PollLogRepository.KEPT_POLLS));
    }
}
