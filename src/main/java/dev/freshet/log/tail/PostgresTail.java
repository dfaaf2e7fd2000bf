package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.platform.FaultLog;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.Notification;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Listens to the NOTIFY of each commit, on a connection of its own that is reopened when it is lost. Small commits of other
 * instances arrive as copies, and all others as hints.
 */
final class PostgresTail implements Tail {

    private static final Logger log = LoggerFactory.getLogger(PostgresTail.class);

    private static final int LINES_PER_ENTRY = 3;

    private final PostgresqlConnectionFactory connections;
    private final String instance;
    private final JsonMapper json;
    private final FaultLog faults = new FaultLog(log, Level.WARN);

    PostgresTail(PostgresqlConnectionFactory connections, String instance, JsonMapper json) {
        this.connections = connections;
        this.instance = instance;
        this.json = json;
    }

    @Override
    public Flux<TailSignal> listen(Supplier<Cursor> position) {
        return Flux.usingWhen(
                        connections.create(),
                        connection -> notifications(connection, position),
                        PostgresqlConnection::close)
                // The server ends the stream only with its connection.
                .concatWith(Flux.error(() -> new IllegalStateException("The connection was closed")))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(50))
                        .maxBackoff(Duration.ofSeconds(2))
                        .transientErrors(true)
                        .doBeforeRetry(retry ->
                                faults.report("Listening to PostgreSQL failed, and is retried", retry.failure())));
    }

    private Flux<TailSignal> notifications(PostgresqlConnection connection, Supplier<Cursor> position) {
        var listening = connection
                .createStatement("LISTEN " + FeedLog.CHANNEL)
                .execute()
                .concatMap(PostgresqlResult::getRowsUpdated)
                .then();
        return listening
                .<TailSignal>thenMany(Flux.just(new TailSignal.PossibleLoss()))
                .concatWith(connection.getNotifications().map(notification -> signal(notification, position.get())));
    }

    private TailSignal signal(Notification notification, Cursor position) {
        var payload = String.valueOf(notification.getParameter());
        var lines = payload.indexOf('\n');
        var words = (lines < 0 ? payload : payload.substring(0, lines)).split(" ", -1);
        try {
            var seq = Long.parseLong(words[0]);
            var own = words.length > 1 && words[1].equals(instance);
            return own || lines < 0 || seq <= position.seq() || Long.parseLong(words[2]) != position.epoch()
                    ? new TailSignal.Hint(seq, own)
                    : copies(seq, payload.substring(lines + 1).split("\n", -1));
        } catch (NumberFormatException e) {
            return new TailSignal.PossibleLoss();
        }
    }

    private TailSignal copies(long last, String[] lines) {
        try {
            var entries = new ArrayList<LogEntry>();
            var seq = last - lines.length / LINES_PER_ENTRY;
            for (var i = 0; i < lines.length; i += LINES_PER_ENTRY) {
                entries.add(json.readValue(lines[i], CopyMeta.class).entry(++seq, lines[i + 1], lines[i + 2]));
            }
            return new TailSignal.Copies(entries, TailSignal.Source.NOTIFICATION);
        } catch (JacksonException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // Another version may write another form.
            log.debug("The copies in a notification cannot be read", e);
            return new TailSignal.Hint(last, false);
        }
    }

    @Override
    public boolean bringsCopies() {
        return false;
    }
}
