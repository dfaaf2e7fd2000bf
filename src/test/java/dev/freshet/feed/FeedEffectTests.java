package dev.freshet.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Compares the two forms of one rule, in Java and in SQL, on random events. */
class FeedEffectTests {

    private static final Duration HANG = Duration.ofMinutes(2);
    private static final int EVENTS = 400;
    private static final List<String> NAMES = List.of("a", "b", "c");

    private final Random random = new Random(20_251_128);

    @Test
    void effectInJava_equalsTheConditionInSql() {
        try (var instance = Freshet.start(Stores.database(), "", Map.of("freshet.samples", "false"))) {
            var client = instance.bean(DatabaseClient.class);
            Flux.range(1, EVENTS).concatMap(seq -> insert(client, seq)).then().block(HANG);
            var log = instance.bean(FeedLog.class);
            var events =
                    Objects.requireNonNull(log.read(0, EVENTS).collectList().block(HANG));
            assertThat(events).hasSize(EVENTS);
            for (var feed : feeds()) {
                assertThat(inSql(log, feed)).as(feed.title()).isEqualTo(inJava(events, feed));
            }
        }
    }

    private static Map<Long, Boolean> inSql(FeedLog log, Feed feed) {
        return Objects.requireNonNull(log.select(0, EVENTS, EVENTS, feed.condition(), false)
                .collectMap(selected -> selected.entry().seq(), selected -> selected.leaves())
                .block(HANG));
    }

    private static Map<Long, Boolean> inJava(List<LogEntry> events, Feed feed) {
        return events.stream()
                .filter(event -> feed.effect(event) != FeedEffect.NONE)
                .collect(Collectors.toMap(LogEntry::seq, event -> feed.effect(event) == FeedEffect.LEAVES));
    }

    private static List<Feed> feeds() {
        var feeds = new ArrayList<Feed>();
        var values = new ArrayList<@Nullable String>(NAMES);
        values.add(null);
        for (var tag : values) {
            for (var author : values) {
                for (var source : values) {
                    feeds.add(new Feed(tag, author, source, null));
                }
            }
        }
        return feeds;
    }

    private Mono<Void> insert(DatabaseClient client, int seq) {
        var type = List.of(EventType.values()).get(random.nextInt(EventType.values().length));
        var known = random.nextBoolean();
        var row = client.sql("insert into feed_log (seq, at, type, article_id, tags, author, source, was_tags,"
                        + " was_author, was_source, article) values (:seq, now(), :type, :id, :tags, :author, :source,"
                        + " :wasTags, :wasAuthor, :wasSource, '{}')")
                .bind("seq", (long) seq)
                .bind("type", type.toString())
                .bind("id", UUID.randomUUID())
                .bind("tags", tags())
                .bind("author", name())
                .bind("source", name());
        row = known
                ? row.bind("wasTags", tags()).bind("wasAuthor", name()).bind("wasSource", name())
                : row.bindNull("wasTags", String[].class)
                        .bindNull("wasAuthor", String.class)
                        .bindNull("wasSource", String.class);
        return row.then();
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private String[] tags() {
        return NAMES.stream().filter(name -> random.nextBoolean()).toArray(String[]::new);
    }
}
