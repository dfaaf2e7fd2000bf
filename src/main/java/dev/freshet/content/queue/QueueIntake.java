package dev.freshet.content.queue;

import dev.freshet.content.intake.MessageImport;
import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;

/** Imports the messages of one queue, and remembers their ids. Safe for use by any thread. */
final class QueueIntake {

    /** The reason of a message that was not rejected. */
    static final String ACCEPTED = "";

    private final String queue;
    private final String account;
    private final Accounts accounts;
    private final MessageImport imports;
    private final ReceivedMessageRepository repository;
    private final QueueStatus status;

    QueueIntake(
            String queue,
            String account,
            Accounts accounts,
            MessageImport imports,
            ReceivedMessageRepository repository,
            QueueStatus status) {
        this.queue = queue;
        this.account = account;
        this.accounts = accounts;
        this.imports = imports;
        this.repository = repository;
        this.status = status;
    }

    /**
     * Imports messages in their order. One that was imported before is left out.
     *
     * @return the reason of the rejection for each message, or {@link #ACCEPTED}, after all are committed. Fails if the store
     *     or the account is unavailable; importing the messages again is safe
     */
    Mono<List<String>> take(List<Message> messages) {
        return owner().flatMap(owner ->
                known(messages).flatMap(known -> take(owner, messages, fresh(messages, known))));
    }

    private Mono<Account> owner() {
        return accounts.findActiveByNameOrEmail(account)
                .filter(found -> Scope.of(found.role()).contains(Scope.ARTICLES_WRITE))
                .switchIfEmpty(Mono.error(() -> new IllegalStateException(
                        "No active account named " + account + " may write articles. Create it, or change its role.")));
    }

    private Mono<Set<String>> known(List<Message> messages) {
        var ids = messages.stream().map(Message::id).filter(Objects::nonNull).toArray(String[]::new);
        return ids.length == 0
                ? Mono.just(Set.of())
                : repository.find(queue, ids).map(ReceivedMessage::id).collect(Collectors.toSet());
    }

    /** Returns the positions of the messages to import. */
    private static List<Integer> fresh(List<Message> messages, Set<String> known) {
        var seen = new HashSet<>(known);
        return IntStream.range(0, messages.size())
                .filter(position -> {
                    var id = messages.get(position).id();
                    return id == null || seen.add(id);
                })
                .boxed()
                .toList();
    }

    private Mono<List<String>> take(Account owner, List<Message> messages, List<Integer> fresh) {
        status.count("repeated", messages.size() - fresh.size());
        var reasons = new ArrayList<>(messages.stream().map(message -> ACCEPTED).toList());
        if (fresh.isEmpty()) {
            return Mono.just(reasons);
        }
        var bodies = fresh.stream().map(messages::get).map(Message::body).toList();
        return imports.messages(owner, bodies).flatMap(summary -> {
            for (var rejection : Objects.requireNonNull(summary.rejections())) {
                reasons.set(fresh.get(rejection.line() - 1), rejection.reason());
            }
            // Not those that were rejected: they must reach the dead-letter queue, also after a crash.
            var imported = fresh.stream()
                    .filter(position -> reasons.get(position).equals(ACCEPTED))
                    .map(position -> messages.get(position).id())
                    .filter(Objects::nonNull)
                    .toArray(String[]::new);
            return repository
                    .add(queue, imported)
                    .doOnSuccess(added -> status.count(summary.counts()))
                    .thenReturn(reasons);
        });
    }
}
