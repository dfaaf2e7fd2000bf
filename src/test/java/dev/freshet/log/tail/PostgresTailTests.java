package dev.freshet.log.tail;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

class PostgresTailTests extends TailContract {

    private static final String ANOTHER = "another";

    @Override
    Freshet startInstance() {
        return Freshet.start(Map.of());
    }

    @Override
    Tail tail(Freshet of) {
        return tail(of, ANOTHER);
    }

    private static Tail tail(Freshet of, String id) {
        return new PostgresTail(
                of.bean("singleConnections", PostgresqlConnectionFactory.class), id, JsonMapper.shared());
    }

    @Test
    void smallCommitsOfAnotherInstanceArriveAsCopies() {
        var id = UUID.randomUUID();
        var writer = new LogWriter(instance());
        assertThat(signals(
                        tail(instance()),
                        end(),
                        writer.publish(id, "Ünï \\\" 文\\n章", "tail")
                                .then(writer.retag(id, "tail", "other"))
                                .then(writer.withdraw(id, "other"))
                                .then(writer.publishAll(3, "tail"))))
                .allSatisfy(signal -> assertThat(signal).isInstanceOfSatisfying(TailSignal.Copies.class, copies -> {
                    assertThat(copies.source()).isEqualTo(TailSignal.Source.NOTIFICATION);
                    // The withdrawal removes the content of earlier entries from the log.
                    assertThat(copies.entries())
                            .filteredOn(entry -> !entry.articleId().equals(id) || entry.content() == null)
                            .allSatisfy(entry -> assertThat(entry).isEqualTo(inLog(entry)));
                }))
                .hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 2300, 7000, 7800, 8000, 20_000})
    void commitOfAnySizeIsReported(int characters) {
        var writer = new LogWriter(instance());
        for (var letter : List.of("x", "ü", "文")) {
            var title = letter.repeat(characters);
            assertThat(signals(tail(instance()), end(), writer.publish(title, "tail")))
                    .singleElement()
                    .satisfies(signal -> assertThat(signal instanceof TailSignal.Hint)
                            .isEqualTo(title.getBytes(UTF_8).length > 7000));
        }
    }

    @Test
    void ownCommitAndOneOfAnotherEpochAreHints() {
        var writer = new LogWriter(instance());
        var own = tail(instance(), instance().bean(FeedLog.class).instance().toString());
        var end = end();
        assertThat(signals(own, end, writer.publish("A", "tail")))
                .containsExactly(new TailSignal.Hint(end.seq() + 1, true));
        var earlier = new Cursor(end.epoch() + 1, end.seq());
        assertThat(signals(tail(instance()), earlier, writer.publish("A", "tail")))
                .containsExactly(new TailSignal.Hint(end.seq() + 2, false));
    }

    /** Returns the signals of commits, without the loss that each new connection reports. */
    private List<TailSignal> signals(Tail tail, Cursor position, Mono<Cursor> commits) {
        var signals = new CopyOnWriteArrayList<TailSignal>();
        var listening = tail.listen(() -> position).subscribe(signals::add);
        until(() -> !signals.isEmpty());
        var last = get(commits).seq();
        until(() -> seq(signals.getLast()) >= last);
        listening.dispose();
        return signals.subList(1, signals.size());
    }

    private LogEntry inLog(LogEntry entry) {
        return get(instance().bean(FeedLog.class).read(entry.seq() - 1, 1).single());
    }

    @Override
    void disconnect(Freshet of) {
        of.bean(DatabaseClient.class)
                .sql("""
                        select count(pg_terminate_backend(pid)) from pg_stat_activity
                        where datname = current_database() and query ilike 'listen %'""")
                .mapValue(Long.class)
                .one()
                .repeatWhen(times -> times.delayElements(Duration.ofMillis(20)))
                .takeUntil(count -> count > 0)
                .blockLast(Freshet.TIMEOUT);
    }

    @Override
    boolean copies() {
        return false;
    }
}
