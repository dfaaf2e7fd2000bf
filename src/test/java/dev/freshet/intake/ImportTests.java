package dev.freshet.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.security.FirstAccount;
import dev.freshet.testing.Instance;
import dev.freshet.testing.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

class ImportTests {

    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    private static Path data;

    private static Instance freshet;
    private static String token;

    @BeforeAll
    static void start() throws IOException {
        freshet = Instance.start(Stores.database(), "", Map.of("freshet.data-dir", data.toString()));
        freshet.bean(FirstAccount.class).ensure().block(LONGEST);
        token = Files.readString(data.resolve("first-token")).strip();
    }

    @AfterAll
    static void stop() {
        freshet.close();
    }

    @Test
    void atomAfterNdjsonFindsTheArticlesAgainAndImportingTwiceChangesNothing() throws IOException {
        var ndjson = resource("excerpt.ndjson");
        var atom = resource("excerpt.atom");

        assertThat(last(post("application/x-ndjson", ndjson))).contains("\"created\":12", "\"rejected\":0");
        assertThat(last(post("application/x-ndjson", ndjson))).contains("\"unchanged\":12");
        assertThat(last(post("application/atom+xml", atom))).contains("\"created\":0", "\"rejected\":0");
        assertThat(last(post("application/atom+xml", atom))).contains("\"unchanged\":12");
    }

    @Test
    void badLinesAreReportedAndTheRestGoesOn() {
        var body =
                "{\"title\":\"a\",\"id\":\"bad-1\"}\nnonsense\n{\"title\":\"b\\u0000\",\"id\":\"bad-2\"}\n\n{\"title\":\"c\",\"id\":\"bad-3\"}";

        var lines = post("application/jsonl", body.getBytes(StandardCharsets.UTF_8));

        assertThat(lines).anyMatch(line -> line.startsWith("{\"rejected\":{\"line\":2,\"reason\":\"is not valid JSON"));
        assertThat(lines).anyMatch(line -> line.startsWith("{\"rejected\":{\"line\":3,"));
        assertThat(last(lines))
                .startsWith("{\"summary\":{\"read\":4,\"created\":2,")
                .contains("\"rejected\":2");
    }

    @Test
    void articleThatNamesNoAuthorIsByTheAccountThatImports() {
        post("application/x-ndjson", "{\"title\":\"Orphan\",\"id\":\"orphan\"}".getBytes(StandardCharsets.UTF_8));

        var page = freshet.client()
                .get()
                .uri("/api/v1/articles?q=orphan&author=editor")
                .retrieve()
                .bodyToMono(String.class)
                .block(LONGEST);

        assertThat(page).contains("\"title\":\"Orphan\"");
    }

    @Test
    void jsonAnswerIsTheSummaryWithItsRejections() {
        var answer = send("application/x-ndjson", "application/json", "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(answer.getStatusCode().value()).isEqualTo(200);
        assertThat(answer.getBody())
                .contains("\"read\":1", "\"rejections\":[{\"line\":1,\"reason\":\"title is required\"}]");
    }

    @Test
    void whatCannotBeReadIsRefusedBeforeTheAnswerBegins() {
        assertThat(send("text/plain", "*/*", new byte[1]).getStatusCode().value())
                .isEqualTo(415);
        assertThat(send("application/rss+xml", "*/*", "<rss".getBytes(StandardCharsets.UTF_8))
                        .getStatusCode()
                        .value())
                .isEqualTo(400);
        assertThat(send("application/x-ndjson", "image/png", new byte[1])
                        .getStatusCode()
                        .value())
                .isEqualTo(406);
        assertThat(send("application/xml", "*/*", new byte[33 * 1024 * 1024])
                        .getStatusCode()
                        .value())
                .isEqualTo(413);
    }

    @Test
    void thousandLinesImportInOrderWithProgress() {
        var body = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            body.append("{\"title\":\"t")
                    .append(i)
                    .append("\",\"id\":\"many-")
                    .append(i)
                    .append("\"}\n");
        }

        var lines = post("application/x-ndjson", body.toString().getBytes(StandardCharsets.UTF_8));

        assertThat(last(lines)).contains("\"read\":1000,\"created\":1000");
        assertThat(lines).filteredOn(line -> line.startsWith("{\"progress\"")).hasSizeGreaterThanOrEqualTo(4);
    }

    private static List<String> post(String type, byte[] body) {
        var answer = send(type, "*/*", body);
        assertThat(answer.getStatusCode().value()).isEqualTo(200);
        return Objects.requireNonNull(answer.getBody()).lines().toList();
    }

    private static ResponseEntity<String> send(String type, String accept, byte[] body) {
        return Objects.requireNonNull(freshet.client()
                .post()
                .uri("/api/v1/imports")
                .headers(headers -> headers.setBearerAuth(token))
                .contentType(MediaType.parseMediaType(type))
                .accept(MediaType.parseMediaType(accept))
                .bodyValue(body)
                .exchangeToMono(response -> response.toEntity(String.class))
                .block(LONGEST));
    }

    private static String last(List<String> lines) {
        return lines.getLast();
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(ImportTests.class.getResourceAsStream("/import/" + name))) {
            return in.readAllBytes();
        }
    }
}
