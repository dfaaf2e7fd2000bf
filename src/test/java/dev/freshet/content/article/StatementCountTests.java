package dev.freshet.content.article;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import dev.freshet.testing.PostgresRelay;
import dev.freshet.testing.Stores;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.r2dbc.core.DatabaseClient;

/** The statements that an instance sends to PostgreSQL, as seen between both. */
@Order(1)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StatementCountTests {

    // Ten a second.
    private static final Pattern SWEEP = Pattern.compile("select epoch, seq, coalesce.*", Pattern.DOTALL);
    private static final Pattern IDENTITY_CHANGES = Pattern.compile(".* from changed_account .*", Pattern.DOTALL);
    private static final Pattern DELIVERIES = Pattern.compile(".* subscription s.*", Pattern.DOTALL);
    private static final Pattern LOG_READ = Pattern.compile(".* from feed_log where seq > .*", Pattern.DOTALL);

    private static final int ATTEMPTS = 5;

    private static PostgresRelay relay;
    private static Freshet instance;

    @BeforeAll
    static void start() {
        relay = new PostgresRelay(Stores.database());
        instance = Freshet.start(relay.url(), "", Map.of("freshet.samples", "false", "freshet.tail.sweep", "100ms"));
    }

    @AfterAll
    static void stop() {
        instance.close();
        relay.close();
    }

    @Test
    @Order(1)
    void idleInstanceSendsHardlyMoreThanItsSweeps() {
        // Within three seconds, any statement that is sent once a second would be among them three times.
        until(() -> {
            var statements = relay.statements();
            var last = statements.subList(Math.max(0, statements.size() - 30), statements.size());
            return last.stream().filter(SWEEP.asMatchPredicate()).count() >= 29;
        });
    }

    @ParameterizedTest
    @Order(2)
    @CsvSource(delimiter = '|', textBlock = """
            {"title": "T", "body": "B", "status": "published"} |
            {"title": "T", "body": "B", "status": "published"} | Idempotency-Key
            {"title": "T", "body": "B", "status": "published", "canonicalUrl": "https://example.org/N"} |
            {"title": "T", "body": "B", "status": "published", "author": "A-N", "source": "S-N", "tags": ["T-N"]} |
            {"title": "T", "body": "B", "status": "scheduled", "publishedAt": "2090-01-01T00:00:00Z"} |
            {"title": "T", "body": "B"} |
            """)
    void creationSendsOneStatement(String article, @Nullable String header) {
        var ann = Api.of(instance, "creator-" + relay.statements().size());
        assertThat(create(ann, article, header).code()).isEqualTo(201);
        assertThat(statementsOf(1, () -> create(ann, article, header)))
                .singleElement()
                .asString()
                .startsWith("with item");
    }

    private static Freshet.Reply create(Api author, String article, @Nullable String header) {
        var number = Integer.toString(relay.statements().size());
        var json = article.replace("N\"", number + "\"");
        return header == null ? author.post(json) : author.post(json, header, number);
    }

    @Test
    @Order(3)
    void changeSendsTwoStatements() {
        var ann = Api.of(instance, "changer");
        var path = ann.path("{\"title\": \"T\", \"body\": \"B\", \"status\": \"published\"}");
        var sent = statementsOf(
                2,
                () -> ann.patch(
                        path, "*", "{\"title\": \"T" + relay.statements().size() + "\"}"));
        assertThat(sent).hasSize(2);
        assertThat(sent.getFirst()).startsWith(ArticleRow.SELECT);
        assertThat(sent.getLast()).startsWith("with item");
    }

    @Test
    @Order(4)
    void accountThatIsDisabledInTheTableIsRefusedSoon() {
        var ann = Api.of(instance, "disabled");
        assertThat(ann.post("{\"title\": \"T\", \"body\": \"B\"}").code()).isEqualTo(201);
        get(instance.bean(DatabaseClient.class)
                .sql("update account set disabled_at = now() where id = :id")
                .bind("id", ann.account())
                .fetch()
                .rowsUpdated());
        until(() -> ann.post("{\"title\": \"T\", \"body\": \"B\"}").code() == 401);
    }

    private static void untilTheAccountWasReadASecondAgo() {
        var before = identityReads();
        until(() -> identityReads() >= before + 2);
    }

    private static long identityReads() {
        return relay.statements().stream()
                .filter(IDENTITY_CHANGES.asMatchPredicate())
                .count();
    }

    /**
     * Returns the statements that a request causes, once the account was read a second ago. A request is repeated if more
     * statements than expected were sent, since some are sent at intervals.
     */
    private static List<String> statementsOf(int expected, Supplier<Freshet.Reply> request) {
        var sent = List.<String>of();
        for (var attempt = 0; attempt < ATTEMPTS && sent.size() != expected; attempt++) {
            untilTheAccountWasReadASecondAgo();
            sent = statementsOf(request);
        }
        return sent;
    }

    /** Returns the statements during a request, without those of sweeps, of the tail and of deliveries. */
    private static List<String> statementsOf(Supplier<Freshet.Reply> request) {
        var before = relay.statements().size();
        assertThat(request.get().status().is2xxSuccessful()).isTrue();
        var statements = relay.statements();
        return statements.subList(before, statements.size()).stream()
                .filter(SWEEP.asMatchPredicate()
                        .or(IDENTITY_CHANGES.asMatchPredicate())
                        .or(LOG_READ.asMatchPredicate())
                        .or(DELIVERIES.asMatchPredicate())
                        .negate())
                .toList();
    }
}
