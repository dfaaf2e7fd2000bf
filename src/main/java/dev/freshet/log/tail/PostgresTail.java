package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.Notification;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** Listens to the NOTIFY of each commit, on a connection of its own that is reopened when it is lost. */
final class PostgresTail implements Tail {

    private static final Logger log = LoggerFactory.getLogger(PostgresTail.class);

    private final PostgresqlConnectionFactory connections;
    private final String instance;

    PostgresTail(PostgresqlConnectionFactory connections, String instance) {
        this.connections = connections;
        this.instance = instance;
    }

    @Override
    public Flux<TailSignal> listen(Supplier<Cursor> position) {
        return Flux.usingWhen(connections.create(), this::notifications, PostgresqlConnection::close)
                // The server ends the stream only with its connection.
                .concatWith(Flux.error(() -> new IllegalStateException("The connection was closed")))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(50))
                        .maxBackoff(Duration.ofSeconds(2))
                        .transientErrors(true)
                        .doBeforeRetry(retry -> log.warn(
                                "Listening to PostgreSQL failed, retrying: {}",
                                retry.failure().toString())));
    }

    private Flux<TailSignal> notifications(PostgresqlConnection connection) {
        var listening = connection
                .createStatement("LISTEN " + FeedLog.CHANNEL)
                .execute()
                .concatMap(PostgresqlResult::getRowsUpdated)
                .then();
        return listening
                .<TailSignal>thenMany(Flux.just(new TailSignal.PossibleLoss()))
                .concatWith(connection.getNotifications().map(this::signal));
    }

    private TailSignal signal(Notification notification) {
        var words = String.valueOf(notification.getParameter()).split(" ", 2);
        try {
            return new TailSignal.Hint(Long.parseLong(words[0]), words.length == 2 && words[1].equals(instance));
        } catch (NumberFormatException e) {
            return new TailSignal.PossibleLoss();
        }
    }

    @Override
    public boolean bringsCopies() {
        return false;
    }
}
