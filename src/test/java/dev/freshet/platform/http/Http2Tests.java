package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/** Checks HTTP/2 in clear text with h2spec, compared with a plain Reactor Netty. */
@Order(1)
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "h2spec is available only as a Linux program")
class Http2Tests {

    private static final Pattern CASE =
            Pattern.compile("<testcase package=\"([^\"]*)\" classname=\"([^\"]*)\"[^>]*>\\s*<(?:failure|error)");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void extract() throws IOException {
        try (var archive = new TarArchiveInputStream(new GzipCompressorInputStream(Objects.requireNonNull(
                Http2Tests.class.getResourceAsStream("/h2spec/2.2.0/h2spec_linux_amd64.tar.gz"))))) {
            for (var entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                if (entry.getName().endsWith("h2spec")) {
                    Files.copy(archive, folder.resolve("h2spec"));
                }
            }
        }
        assertThat(folder.resolve("h2spec").toFile().setExecutable(true)).isTrue();
    }

    @Test
    void brokenRulesAreThoseOfReactorNetty() throws IOException, InterruptedException {
        var loops = LoopResources.create("bare", 1, true);
        var bare = HttpServer.create()
                .runOn(loops)
                .host("127.0.0.1")
                .protocol(HttpProtocol.H2C, HttpProtocol.HTTP11)
                // At once, as Freshet does if it ignores the body.
                .handle((request, response) -> response.status(405).sendString(Mono.just("no")))
                .bindNow();
        try {
            var instance = Freshet.shared(Map.of());
            // Timing decides about some rules at both servers. A fault is a rule that Freshet breaks in each run, and
            // Reactor Netty in none.
            var broken = brokenByFreshetAlone(instance.port(), bare.port());
            for (var again = 0; again < 3 && !broken.isEmpty(); again++) {
                broken.retainAll(brokenByFreshetAlone(instance.port(), bare.port()));
            }
            assertThat(broken).isEmpty();
        } finally {
            bare.disposeNow();
            loops.dispose();
        }
    }

    @Test
    void upgradeRequestIsAnsweredInHttp11() throws IOException, InterruptedException {
        // Java's HTTP client requests it by default.
        var instance = Freshet.shared(Map.of());
        try (var client = HttpClient.newHttpClient()) {
            var body = "x".repeat(100_000);
            var request = HttpRequest.newBuilder(URI.create(instance.url() + "/api/v1/articles"))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        }
    }

    private static Set<String> brokenByFreshetAlone(int freshet, int bare) throws IOException, InterruptedException {
        var freshetRun = h2spec(freshet, "freshet.xml");
        var bareRun = h2spec(bare, "bare.xml");
        var broken = failures(freshetRun, "freshet.xml");
        broken.removeAll(failures(bareRun, "bare.xml"));
        return broken;
    }

    private static Process h2spec(int port, String report) throws IOException {
        return new ProcessBuilder(
                        folder.resolve("h2spec").toString(),
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-P",
                        "/openapi",
                        "-o",
                        "2",
                        "-j",
                        folder.resolve(report).toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(report + ".log").toFile())
                .start();
    }

    private static Set<String> failures(Process h2spec, String report) throws IOException, InterruptedException {
        assertThat(h2spec.waitFor(5, TimeUnit.MINUTES)).isTrue();
        var xml = Files.readString(folder.resolve(report), StandardCharsets.UTF_8);
        assertThat(xml.split("<testcase", -1)).hasSizeGreaterThan(140);
        return CASE.matcher(xml)
                .results()
                .map(found -> found.group(1) + " " + found.group(2))
                .collect(Collectors.toCollection(HashSet::new));
    }
}
