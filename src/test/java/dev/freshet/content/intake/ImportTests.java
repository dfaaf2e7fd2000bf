package dev.freshet.content.intake;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.identity.admin.FirstAccount;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;

class ImportTests {

    @TempDir
    private static Path data;

    private static Freshet freshet;
    private static String token;

    @BeforeAll
    static void start() throws IOException {
        freshet = Freshet.start(
                Stores.database(),
                "",
                Map.of(
                        "freshet.data-dir",
                        data.toString(),
                        "freshet.fetch.allow",
                        "localhost",
                        "freshet.import.unpacked-limit",
                        "2MB"));
        freshet.bean(FirstAccount.class).ensure().block(TIMEOUT);
        token = Files.readString(data.resolve("first-token")).strip();
    }

    @AfterAll
    static void stop() {
        freshet.close();
    }

    @Test
    void repeatedImportInAnotherFormatChangesNothing() throws IOException {
        var ndjson = resource("excerpt.ndjson");
        var atom = resource("excerpt.atom");

        assertThat(last(post("application/x-ndjson", ndjson))).contains("\"created\":12", "\"rejected\":0");
        assertThat(last(post("application/x-ndjson", ndjson))).contains("\"unchanged\":12");
        assertThat(last(post("application/atom+xml", atom))).contains("\"created\":0", "\"rejected\":0");
        assertThat(last(post("application/atom+xml", atom))).contains("\"unchanged\":12");
    }

    @Test
    void badLinesAreReportedAndOthersAreImported() {
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
    void largeImportRenewsTheStatisticsOfWords() {
        var lines = IntStream.range(0, 300)
                .mapToObj(i -> "{\"title\":\"Gannet\",\"id\":\"gannet-" + i + "\"}")
                .collect(Collectors.joining("\n"));

        post("application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8));

        var isKnown = freshet.bean(DatabaseClient.class)
                .sql("select 'gannet' = any (most_common_elems::text::text[]) from pg_stats"
                        + " where tablename = 'article' and attname = 'search' and schemaname = current_schema()")
                .mapValue(Boolean.class)
                .one()
                .block(TIMEOUT);
        assertThat(isKnown).isTrue();
    }

    @Test
    void importWithoutAuthorUsesTheAccountName() {
        post("application/x-ndjson", "{\"title\":\"Orphan\",\"id\":\"orphan\"}".getBytes(StandardCharsets.UTF_8));

        var page = freshet.client()
                .get()
                .uri("/api/v1/articles?q=orphan&author=editor")
                .retrieve()
                .bodyToMono(String.class)
                .block(TIMEOUT);

        assertThat(page).contains("\"title\":\"Orphan\"");
    }

    @Test
    void jsonAnswerIsTheSummaryWithItsRejections() {
        var answer = send("application/x-ndjson", "application/json", "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(answer.getStatusCode().value()).isEqualTo(200);
        assertThat(answer.getBody())
                .contains("\"read\":1", "\"rejections\":[{\"line\":1,\"reason\":\"title is required\"}]");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json, */* | application/json",
                "application/x-ndjson;q=0.5, application/json;q=0.9 | application/json",
                "application/x-ndjson;q=0, */*;q=0.1 | application/json",
                "application/jsonl | application/x-ndjson",
                "*/* | application/x-ndjson"
            })
    void responseHasTheMediaTypeThatTheClientPrefers(String accept, String expected) {
        var response = send("application/x-ndjson", accept, "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(response.getHeaders().getContentType()).hasToString(expected);
    }

    @Test
    void malformedAcceptHeaderIsRefused() {
        assertThat(send("application/x-ndjson", "json", new byte[1])
                        .getStatusCode()
                        .value())
                .isEqualTo(400);
    }

    @Test
    void unreadableImportIsRefusedBeforeTheResponseBegins() {
        assertThat(send("image/png", "*/*", new byte[1]).getStatusCode().value())
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

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileXml")
    void hostileXmlIsRefusedAndFetchesNothing(String name, String document, Charset charset) throws IOException {
        try (var elsewhere = elsewhere()) {
            var answer = send(
                    "application/xml",
                    "*/*",
                    document.replace("ELSEWHERE", address(elsewhere)).getBytes(charset));

            assertThat(answer.getStatusCode().value()).isEqualTo(400);
            assertThat(answer.getBody()).contains("is invalid").doesNotContain("root:", "SAX", "java.");
            assertThatNothingConnectsTo(elsewhere);
        }
    }

    private static Stream<Arguments> hostileXml() {
        var laughs = new StringBuilder("<!DOCTYPE rss [<!ENTITY l0 'ha'>");
        for (int i = 1; i < 20; i++) {
            laughs.append("<!ENTITY l%d '%s'>".formatted(i, ("&l" + (i - 1) + ";").repeat(10)));
        }
        var attributes =
                IntStream.range(0, 5000).mapToObj(i -> " a" + i + "=''").collect(Collectors.joining());
        return Stream.of(
                hostile("file by an entity", "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "&x;"),
                hostile("address by an entity", "<!DOCTYPE rss [<!ENTITY x SYSTEM 'ELSEWHERE/x'>]>", "&x;"),
                hostile("address by a parameter entity", "<!DOCTYPE rss [<!ENTITY % x SYSTEM 'ELSEWHERE/x'> %x;]>", ""),
                hostile("a billion laughs", laughs + "]>", "&l19;"),
                hostile(
                        "quadratic blowup",
                        "<!DOCTYPE rss [<!ENTITY x '" + "x".repeat(50_000) + "'>]>",
                        "&x;".repeat(50_000)),
                hostile("depth", "", "<a>".repeat(100_000)),
                hostile("many attributes", "", "<a" + attributes + "/>"),
                hostile("many elements", "", "<a/>".repeat(1_100_000)),
                hostile("many elements after a fault", "", "& " + "<a/>".repeat(1_100_000)),
                hostile("many attributes after a fault", "", "& " + ("<a" + " b".repeat(500) + ">").repeat(5_000)),
                Arguments.of(
                        "entity in another encoding",
                        "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE rss [<!ENTITY x SYSTEM 'ELSEWHERE/x'>]>"
                                + feed("&x;"),
                        StandardCharsets.UTF_16));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE rss SYSTEM 'ELSEWHERE/x.dtd'>",
                "<!DOCTYPE rss PUBLIC '-//X//X//EN' 'ELSEWHERE/x.dtd'>"
            })
    void declarationOfADocumentTypeIsIgnoredAndFetchesNothing(String declaration) throws IOException {
        try (var elsewhere = elsewhere()) {
            var document = (declaration + feed("t")).replace("ELSEWHERE", address(elsewhere));

            assertThat(post("application/xml", document.getBytes(StandardCharsets.UTF_8)))
                    .anyMatch(line -> line.startsWith("{\"repaired\":{\"repair\":\"it has a document type"));

            assertThatNothingConnectsTo(elsewhere);
        }
    }

    @Test
    void repairsAreNamedWithTheirLinesAndCounted() {
        var document = feed("t</title><pubDate>soon</pubDate><title>u") + "<!-- cut";

        var lines = post("text/html", document.getBytes(StandardCharsets.UTF_8));

        assertThat(lines)
                .anyMatch(line -> line.startsWith("{\"repaired\":{\"repair\":\"it is not well-formed: line 1"))
                .anyMatch(line -> line.startsWith("{\"repaired\":{\"line\":1,\"repair\":\"publishedAt is not a time"));
        assertThat(last(lines)).contains("\"repaired\":2");
        assertThat(send("text/xml", "application/json", document.getBytes(StandardCharsets.UTF_8))
                        .getBody())
                .contains("\"repaired\":2", "\"repairs\":[{\"repair\":\"it is not well-formed");
    }

    private static Arguments hostile(String name, String declaration, String title) {
        return Arguments.of(name, declaration + feed(title), StandardCharsets.UTF_8);
    }

    private static String feed(String title) {
        return "<rss version='2.0'><channel><title>t</title><link>https://example.org/</link><description>d</description>"
                + "<item><guid>hostile</guid><title>" + title + "</title></item></channel></rss>";
    }

    @Test
    void externalEntitiesAreNotFetched() throws IOException {
        try (var elsewhere = elsewhere()) {
            var document = """
                    <?xml-stylesheet type='text/xsl' href='ELSEWHERE/x.xsl'?>
                    <feed xmlns='http://www.w3.org/2005/Atom' xmlns:xi='http://www.w3.org/2001/XInclude'
                      xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='urn:x ELSEWHERE/x.xsd'>
                    <title>t</title><xi:include href='ELSEWHERE/x'/><icon>ELSEWHERE/icon</icon>
                    <entry><id>urn:points</id><title>Points elsewhere</title><content src='ELSEWHERE/content'/>
                    <summary type='html'>&lt;img src='ELSEWHERE/x.png'></summary></entry></feed>
                    """.replace("ELSEWHERE", address(elsewhere));

            assertThat(last(post("application/atom+xml", document.getBytes(StandardCharsets.UTF_8))))
                    .contains("\"created\":1");

            assertThatNothingConnectsTo(elsewhere);
        }
    }

    /**
     * Opens a server at an address that no other test uses. At a shared address it could get the port of a server that has
     * ended, whose clients still try to reach it.
     */
    private static ServerSocket elsewhere() throws IOException {
        return new ServerSocket(0, 10, InetAddress.getByName("127.0.0.77"));
    }

    private static String address(ServerSocket server) {
        return "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
    }

    private static void assertThatNothingConnectsTo(ServerSocket server) throws IOException {
        server.setSoTimeout(100);
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(server::accept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/atom+xml",
                "text/plain",
                "text/html",
                "application/octet-stream",
                "application/x-atom+xml",
                "application/rss",
                "text/plain;charset=UTF-8",
                "unknown/unknown",
                "application/x-ndjson"
            })
    void addressIsFetchedAndImported(String type) {
        var document = type.endsWith("ndjson")
                ? "{\"id\":\"fetched\",\"title\":\"Fetched\"}"
                : "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><id>urn:fetched</id>"
                        + "<title>Fetched</title></entry></feed>";
        var feed = document.getBytes(StandardCharsets.UTF_8);
        var elsewhere = HttpServer.create()
                .host("127.0.0.1")
                .route(routes -> routes.get("/moved", (request, response) -> response.sendRedirect("/feed"))
                        .get(
                                "/feed",
                                (request, response) ->
                                        response.header("Content-Type", type).sendByteArray(Mono.just(feed))))
                .bindNow();
        try {
            var answer = fetch("http://localhost:" + elsewhere.port() + "/moved");

            assertThat(answer.getStatusCode().value()).isEqualTo(200);
            assertThat(last(Objects.requireNonNull(answer.getBody()).lines().toList()))
                    .startsWith("{\"summary\":{\"read\":1,")
                    .contains("\"rejected\":0");
            // The same machine by a name that the settings don't know.
            assertThat(fetch("http://127.0.0.1:" + elsewhere.port() + "/feed")
                            .getStatusCode()
                            .value())
                    .isEqualTo(422);
            assertThat(fetch("http://localhost:" + elsewhere.port() + "/nothing")
                            .getBody())
                    .contains("404");
        } finally {
            elsewhere.disposeNow();
        }
        assertThat(fetch("file:///etc/passwd").getStatusCode().value()).isEqualTo(400);
    }

    private static ResponseEntity<String> fetch(String url) {
        return Objects.requireNonNull(freshet.client()
                .post()
                .uri(builder -> builder.path("/api/v1/imports")
                        .queryParam("url", "{url}")
                        .build(url))
                .headers(headers -> headers.setBearerAuth(token))
                .exchangeToMono(response -> response.toEntity(String.class))
                .block(TIMEOUT));
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

    @Test
    void importMayBeCompressed() throws IOException {
        var line = "{\"title\":\"Packed\",\"id\":\"packed\"}\n".getBytes(StandardCharsets.UTF_8);
        assertThat(packed("gzip", gzip(line)).getBody()).contains("\"created\":1");
        assertThat(packed("X-GZIP", gzip(line)).getBody()).contains("\"unchanged\":1");
        assertThat(packed("identity", line).getBody()).contains("\"unchanged\":1");
    }

    @Test
    void truncatedOrOversizedGzipImportReturnsAProblem() throws IOException {
        var lines = "{\"title\":\"Cut\",\"id\":\"cut\"}\n".repeat(2000).getBytes(StandardCharsets.UTF_8);
        var packed = gzip(lines);
        assertThat(packed("gzip", Arrays.copyOf(packed, packed.length - 9)).getBody())
                .contains("/problems/invalid-request");
        assertThat(packed("gzip", lines).getBody()).contains("/problems/invalid-request");
        // A thousandth of what it holds.
        assertThat(packed("gzip", gzip(new byte[3_000_000])).getBody()).contains("/problems/content-too-large");
    }

    @Test
    void codingThatIsUnknownIsRefused() {
        var answer = packed("br", new byte[10]);
        assertThat(answer.getStatusCode().value()).isEqualTo(415);
        assertThat(answer.getHeaders().getFirst("Accept-Encoding")).isEqualTo("gzip, identity");
    }

    private static ResponseEntity<String> packed(String coding, byte[] body) {
        return Objects.requireNonNull(freshet.client()
                .post()
                .uri("/api/v1/imports")
                .headers(headers -> headers.setBearerAuth(token))
                .header("Content-Encoding", coding)
                .contentType(MediaType.APPLICATION_NDJSON)
                .bodyValue(body)
                .exchangeToMono(response -> response.toEntity(String.class))
                .block(TIMEOUT));
    }

    private static byte[] gzip(byte[] content) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        }
        return packed.toByteArray();
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
                .header(HttpHeaders.ACCEPT, accept)
                .bodyValue(body)
                .exchangeToMono(response -> response.toEntity(String.class))
                .block(TIMEOUT));
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
