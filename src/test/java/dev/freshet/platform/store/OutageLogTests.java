package dev.freshet.platform.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Alone;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.RedisServerUnderTest;
import dev.freshet.testing.Stores;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Each task of the program logs the outage of a store once a minute. Requests log nothing. */
@Alone
class OutageLogTests {

    private static final int ROUNDS = 30;
    private static final int AT_ONCE = 8;
    // The tail and each periodic task have one line in a minute.
    private static final int MAX_LINES = 30;

    @Test
    void requestsLogNothing_withoutRedis() {
        try (var redis = RedisServerUnderTest.started();
                var instance = Freshet.start(Stores.database(), redis.url(), Map.of("freshet.samples", "false"))) {
            var token = instance.token(Role.AUTHOR);
            redis.kill();

            var lines = linesOf(() -> assertThat(statuses(instance, token)).allMatch(status -> status < 300));

            assertThat(lines).hasSizeLessThan(MAX_LINES);
        }
    }

    @Test
    void requestsLogNothing_withoutPostgres() {
        var database = Stores.database();
        try (var instance = Freshet.start(database, "", Map.of("freshet.samples", "false"))) {
            var token = instance.token(Role.AUTHOR);
            Stores.allowConnections(database, false);

            var lines = linesOf(() -> assertThat(statuses(instance, token)).contains(503));

            assertThat(lines).hasSizeLessThan(MAX_LINES);
            Stores.allowConnections(database, true);
        }
    }

    private static List<Integer> statuses(Freshet instance, String token) {
        return Freshet.get(Flux.range(0, ROUNDS)
                .flatMapSequential(round -> round(instance, token, round), AT_ONCE)
                .collectList());
    }

    private static Flux<Integer> round(Freshet instance, String token, int round) {
        Stream<Mono<Freshet.Reply>> requests = Stream.of(
                instance.send(HttpMethod.GET, "/api/v1/articles?tag=t" + round, null),
                instance.send(HttpMethod.GET, "/api/v1/articles?q=word" + round, null),
                instance.send(HttpMethod.GET, "/?tag=h" + round, null, "Accept", "text/html"),
                instance.send(HttpMethod.GET, "/api/v1/articles?format=atom&tag=a" + round, null),
                instance.send(HttpMethod.GET, "/api/v1/articles", null, "Authorization", "Bearer " + token),
                instance.send(
                        HttpMethod.POST,
                        "/api/v1/articles",
                        "{\"title\": \"Round " + round + "\"}",
                        "Authorization",
                        "Bearer " + token));
        return Flux.fromStream(requests).concatMap(request -> request.map(Freshet.Reply::code));
    }

    private static List<String> linesOf(Runnable requests) {
        var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        root.addAppender(log);
        try {
            requests.run();
        } finally {
            root.detachAppender(log);
        }
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
