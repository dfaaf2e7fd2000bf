package dev.freshet.feed;

import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.Notification;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The selections of followed feeds with open streams, in memory. They are read once when the first stream of an account
 * opens, and again when PostgreSQL notifies of a change. It listens only while such a stream is open. After a lost
 * connection, it reads all selections again. Thread-safe.
 */
@Component
public final class OpenFollows {

    /** The NOTIFY channel of the trigger, with the account as payload. */
    private static final String CHANNEL = "following";

    private static final int MAX_ACCOUNTS_PER_READ = 20;

    private final PostgresqlConnectionFactory connections;
    private final Selections selections;
    private final Map<UUID, Account> open = new ConcurrentHashMap<>();
    // Accounts whose selections must be read. Its own lock guards it.
    private final Set<UUID> outdated = new LinkedHashSet<>();
    // Counts the streams that opened. A read that begins afterwards has what their accounts followed before.
    private final AtomicLong opens = new AtomicLong();
    private final AtomicLong revisions = new AtomicLong();
    private volatile Consumer<Set<UUID>> listener = accounts -> {};
    private volatile @Nullable FluxSink<Boolean> wakes;
    private @Nullable Disposable following;

    OpenFollows(@Qualifier("singleConnections") PostgresqlConnectionFactory connections, Selections selections) {
        this.connections = connections;
        this.selections = selections;
    }

    /** An account with open streams. */
    private static final class Account {

        // Guarded by the lock of this object's owner.
        private int streams;
        private volatile @Nullable Read last;
    }

    /**
     * A read of a selection.
     *
     * @param opened the number of streams that had opened before it began
     * @param revision differs from that of every other selection
     */
    private record Read(Selection selection, long opened, long revision) {}

    /** A stream of an account. It must be released once. Thread-safe. */
    public final class Hold {

        private final UUID id;
        private final Account account;
        private final long opened;

        private Hold(UUID id, Account account) {
            this.id = id;
            this.account = account;
            this.opened = opens.incrementAndGet();
        }

        /** Returns whether the selection in memory has everything that the account followed when the stream opened. */
        public boolean isRead() {
            var last = account.last;
            return last != null && last.opened() >= opened;
        }

        /** Returns whether the account has saved searches, which test the words of events. */
        public boolean needsWords() {
            var last = account.last;
            return last != null && !last.selection().searches().isEmpty();
        }

        /** Returns a number that changes with the selection; 0 before it is read. */
        public long revision() {
            var last = account.last;
            return last == null ? 0 : last.revision();
        }

        /** Reports the end of the stream. */
        public void release() {
            OpenFollows.this.release(id);
        }
    }

    /**
     * Sets the listener of changes.
     *
     * @param changed called with accounts whose selections were read, on any thread
     */
    public void listen(Consumer<Set<UUID>> changed) {
        listener = changed;
    }

    /** Counts a stream of an account, and reads its selection. */
    public synchronized Hold acquire(UUID account) {
        var counted = open.computeIfAbsent(account, absent -> new Account());
        counted.streams++;
        var hold = new Hold(account, counted);
        if (following == null) {
            following = Flux.merge(reading(), notifications()).subscribe();
        }
        outdate(Set.of(account));
        return hold;
    }

    private synchronized void release(UUID account) {
        open.computeIfPresent(account, (id, counted) -> --counted.streams == 0 ? null : counted);
        if (open.isEmpty() && following != null) {
            following.dispose();
            following = null;
        }
    }

    /** Returns what the followed feed of an account with an open stream selects; null until it is read. */
    public @Nullable Selection of(UUID account) {
        var counted = open.get(account);
        var last = counted == null ? null : counted.last;
        return last == null ? null : last.selection();
    }

    /**
     * Returns the rule of a feed now. If the feed is personal, its account must have an open stream whose selection was read.
     */
    public FeedRule rule(Feed feed) {
        return FeedRule.of(feed, feed.followedBy() == null ? null : of(feed.followedBy()));
    }

    private void outdate(Set<UUID> accounts) {
        synchronized (outdated) {
            outdated.addAll(accounts);
        }
        var sink = wakes;
        if (sink != null) {
            sink.next(true);
        }
    }

    private List<UUID> takeOutdated() {
        synchronized (outdated) {
            outdated.retainAll(open.keySet());
            var taken = outdated.stream().limit(MAX_ACCOUNTS_PER_READ).toList();
            taken.forEach(outdated::remove);
            return taken;
        }
    }

    /** Reads one batch after the other, so that a later read never loses against an earlier one. */
    private Mono<Void> reading() {
        return Flux.<Boolean>create(
                        sink -> {
                            wakes = sink;
                            sink.next(true);
                        },
                        FluxSink.OverflowStrategy.LATEST)
                .concatMap(wake -> readAll(), 1)
                .then();
    }

    private Mono<Void> readAll() {
        return Mono.fromSupplier(this::takeOutdated)
                .filter(accounts -> !accounts.isEmpty())
                .flatMap(accounts -> {
                    var opened = opens.get();
                    return selections
                            .read(accounts)
                            .doOnNext(read -> apply(opened, read))
                            .doOnError(failure -> outdate(Set.copyOf(accounts)))
                            .thenReturn(true);
                })
                .repeatWhen(rounds -> rounds.takeWhile(read -> read > 0))
                .retryWhen(retry())
                .then();
    }

    private void apply(long opened, Map<UUID, Selection> read) {
        var changed = new HashSet<UUID>();
        read.forEach((id, selection) -> {
            var account = open.get(id);
            if (account != null) {
                var last = account.last;
                var revision = last != null && last.selection().equals(selection)
                        ? last.revision()
                        : revisions.incrementAndGet();
                account.last = new Read(selection, opened, revision);
                changed.add(id);
            }
        });
        listener.accept(changed);
    }

    private Mono<Void> notifications() {
        return Flux.usingWhen(connections.create(), this::notifications, PostgresqlConnection::close)
                // The server ends the stream only with its connection.
                .concatWith(Flux.error(() -> new IllegalStateException("The connection was closed")))
                .retryWhen(retry())
                .then();
    }

    private Flux<Void> notifications(PostgresqlConnection connection) {
        return connection
                .createStatement("LISTEN " + CHANNEL)
                .execute()
                .concatMap(PostgresqlResult::getRowsUpdated)
                .then()
                .doOnSuccess(listening -> outdate(open.keySet()))
                .thenMany(connection.getNotifications().doOnNext(this::note))
                .thenMany(Flux.empty());
    }

    private void note(Notification notification) {
        var account = UUID.fromString(String.valueOf(notification.getParameter()));
        if (open.containsKey(account)) {
            outdate(Set.of(account));
        }
    }

    private static Retry retry() {
        return Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(50))
                .maxBackoff(Duration.ofSeconds(2))
                .transientErrors(true);
    }
}
