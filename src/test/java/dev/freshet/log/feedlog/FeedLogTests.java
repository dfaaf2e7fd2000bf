package dev.freshet.log.feedlog;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.ArticleRows;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.http.HttpStatus;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

class FeedLogTests {

    private Freshet instance;
    private FeedLog feedLog;
    private LogWriter writer;

    @BeforeEach
    void start() {
        instance = Freshet.start(
                Stores.database(),
                "",
                Map.of(
                        "freshet.samples", "false",
                        "freshet.log.retention", "1h",
                        "freshet.log.pruning", "100ms"));
        feedLog = instance.bean(FeedLog.class);
        writer = new LogWriter(instance);
    }

    @AfterEach
    void stop() {
        instance.close();
    }

    @Test
    void rolledBackTransactionsLeaveNoGap() {
        var written = Flux.range(0, 200)
                .flatMap(
                        i -> i % 3 == 0
                                ? writer.publishAndRollBack("gap").then()
                                : writer.publish("A", "gap").then(),
                        32)
                .then(feedLog.read(0, 1000).map(LogEntry::seq).collectList())
                .block(TIMEOUT);
        assertThat(written)
                .hasSize(133)
                .isEqualTo(LongStream.rangeClosed(1, 133).boxed().toList());
    }

    @Test
    void changeAndEventAreCommittedTogether() {
        var unknown = UUID.randomUUID();
        var event =
                new NewEntry(EventType.UPDATED, unknown, new Facets(List.of(), "Ann", "test", "en"), null, "{}", "{}");
        feedLog.append(ArticleRows.update(unknown, Map.of("title", "T")), List.of(event))
                .as(StepVerifier::create)
                .expectError(ConcurrencyFailureException.class)
                .verify(TIMEOUT);
        feedLog.extent()
                .as(StepVerifier::create)
                .assertNext(extent -> assertThat(extent.last()).isZero())
                .expectComplete()
                .verify(TIMEOUT);
    }

    @Test
    void fieldsOfAnEventKeepTheirOrder() {
        var id = UUID.randomUUID();
        var facets = new Facets(List.of(), "Ann", "test", "en");
        var article = "{\"title\":\"T\",\"id\":\"1\"}";
        now(writer.publish(id, "A", "order"));
        now(feedLog.append(
                ArticleRows.update(id, Map.of("title", "T")),
                List.of(new NewEntry(
                        EventType.UPDATED, id, facets, facets, article, "{\"html\":\"\",\"body\":\"\"}"))));

        assertThat(now(feedLog.read(1, 1).single()).article()).isEqualTo(article);
    }

    @Test
    void timeResolvesToAPositionAfterTheClockGoesBack() {
        now(writer.publish("A", "time"));
        now(instance.bean(DatabaseClient.class)
                .sql("update feed_clock set at = now() + interval '1 day'")
                .fetch()
                .rowsUpdated());
        now(writer.publish("B", "time"));
        now(writer.publish("C", "time"));
        var times = now(feedLog.read(0, 10).map(LogEntry::atMillis).collectList());
        assertThat(times).isSorted();
        assertThat(now(feedLog.before(Instant.now().plus(Duration.ofHours(1)))).seq())
                .isEqualTo(1);
        assertThat(now(feedLog.before(Instant.now().plus(Duration.ofDays(2)))).seq())
                .isEqualTo(3);
        assertThat(now(feedLog.before(Instant.EPOCH)).seq()).isZero();
    }

    @Test
    void expiredEventsAreDeletedAndOthersKeepTheirSeq() {
        now(writer.publishAll(5, "old"));
        now(instance.bean(DatabaseClient.class)
                .sql("update feed_log set at = now() - interval '2 hours' where seq <= 3")
                .fetch()
                .rowsUpdated());
        var extent = feedLog.extent()
                .repeatWhen(times -> times.delayElements(Duration.ofMillis(50)))
                .filter(found -> found.first() == 4)
                .blockFirst(TIMEOUT);
        assertThat(Objects.requireNonNull(extent).last()).isEqualTo(5);
    }

    @Test
    void operatorReadsTheExtentAndStartsANewEpoch() {
        now(writer.publish("A", "ops"));
        var before = now(feedLog.extent());
        var anonymous = now(instance.client()
                .get()
                .uri("/actuator/feedlog")
                .exchangeToMono(response -> Mono.just(response.statusCode())));
        assertThat(anonymous).isEqualTo(HttpStatus.UNAUTHORIZED);
        var token = instance.token(Role.ADMIN);
        var after = now(instance.client()
                .post()
                .uri("/actuator/feedlog")
                .headers(headers -> headers.setBearerAuth(token))
                .retrieve()
                .bodyToMono(JsonNode.class));
        assertThat(after.path("epoch").asLong()).isNotEqualTo(before.epoch());
        assertThat(after.path("last").asLong()).isEqualTo(1);
    }

    private static <T> T now(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(TIMEOUT));
    }
}
