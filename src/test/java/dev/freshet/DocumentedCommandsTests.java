package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshet.identity.admin.FirstAccount;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.KafkaUnderTest;
import dev.freshet.testing.Stores;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * Runs the commands of the documents as a reader would paste them, against one instance with the sample articles. The
 * documents run in order and share a folder; the blocks of one document share a shell.
 */
class DocumentedCommandsTests {

    private static final String FEED = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Example</title>"
            + "<entry><id>urn:example:1</id><title>From example.org</title></entry></feed>";
    private static final Pattern REJECTION = Pattern.compile("\"rejected\":[1-9]");

    /**
     * Stands in for curl: a status of 400 or more fails, and a stream ends after its first event, since a reader would end
     * it with Ctrl-C.
     */
    private static final String CURL = """
            #!/usr/bin/env bash
            set -euo pipefail
            case " $* " in
              *" -N "*) ;;
              *) exec "$REAL_CURL" -sS --fail-with-body "$@" ;;
            esac
            exec 3< <(exec "$REAL_CURL" -sS --fail-with-body "$@")
            stream=$!
            while IFS= read -r line <&3; do
              printf '%s\\n' "$line"
              case $line in
                data:* | {*)
                  kill "$stream"
                  exit 0 ;;
              esac
            done
            echo "The stream ended without an event" >&2
            exit 1
            """;

    @TempDir
    private static Path folder;

    private static Freshet freshet;
    private static DisposableServer example;
    private static String curl;

    @BeforeAll
    static void start() throws IOException {
        var found = find("curl");
        assumeTrue(
                System.getenv("CI") != null
                        || (found.isPresent() && find("bash").isPresent()),
                "needs bash and curl");
        curl = found.orElseThrow().toString();
        freshet = Freshet.start(
                Stores.database(),
                "",
                Map.of(
                        "freshet.data-dir",
                        folder.resolve(".freshet").toString(),
                        "freshet.fetch.allow",
                        "localhost",
                        "freshet.kafka.clusters.main.servers",
                        KafkaUnderTest.shared().servers(),
                        "freshet.kafka.clusters.main.topics",
                        KafkaUnderTest.TOPIC));
        freshet.bean(FirstAccount.class).ensure().block(Freshet.TIMEOUT);
        example = HttpServer.create()
                .host("127.0.0.1")
                .route(routes -> routes.get(
                        "/feed.atom",
                        (request, response) -> response.header("Content-Type", "application/atom+xml")
                                .sendString(Mono.just(FEED))))
                .bindNow();
        var bin = Files.createDirectory(folder.resolve("bin"));
        assertThat(Files.writeString(bin.resolve("curl"), CURL).toFile().setExecutable(true))
                .isTrue();
        ImageIO.write(
                new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB),
                "jpeg",
                folder.resolve("photo.jpg").toFile());
    }

    @AfterAll
    static void stop() {
        if (freshet != null) {
            freshet.close();
        }
        if (example != null) {
            example.disposeNow();
        }
    }

    static List<MarkdownDocument> documents() {
        return MarkdownDocument.manual().stream()
                .filter(document -> !script(document).isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void commandsOfDocumentSucceed(MarkdownDocument document) throws Exception {
        var output = folder.resolve(document.path().getFileName() + ".log");
        var builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", forTest(script(document)))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(output.toFile());
        builder.environment().merge("PATH", "", (path, none) -> folder.resolve("bin") + File.pathSeparator + path);
        builder.environment().put("REAL_CURL", curl);

        var process = builder.start();
        var ended = process.waitFor(Freshet.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();

        var text = Files.readString(output);
        assertThat(ended).as("Ends in time. Output: %s", text).isTrue();
        assertThat(process.exitValue()).as("Output: %s", text).isZero();
        assertThat(text).doesNotContainPattern(REJECTION);
    }

    /** Returns the commands of a document's blocks, each block behind its line number. */
    private static String script(MarkdownDocument document) {
        var script = new StringBuilder();
        document.blocks().stream()
                .filter(block ->
                        block.language().equals("sh") && block.options().isEmpty())
                .forEach(block -> script.append("echo; echo '# %s:%d'%n".formatted(document, block.line()))
                        .append(block.content()));
        return script.toString();
    }

    private static String forTest(String script) {
        return script.replace("http://localhost:8080", freshet.url())
                .replace(
                        "https%3A%2F%2Fexample.org",
                        URLEncoder.encode("http://localhost:" + example.port(), StandardCharsets.UTF_8));
    }

    private static Optional<Path> find(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(path -> Path.of(path, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
