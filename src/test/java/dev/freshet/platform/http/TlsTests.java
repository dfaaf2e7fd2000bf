package dev.freshet.platform.http;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS as OpenSSL sees it, with a certificate of its own authority. */
@EnabledIf("isInstalled")
class TlsTests {

    @TempDir
    static Path folder;

    private static Freshet instance;

    private static @Nullable Path openssl() {
        return Stream.of("/usr/bin/openssl", "/opt/homebrew/bin/openssl")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    static boolean isInstalled() {
        return openssl() != null;
    }

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        run(
                "",
                "req",
                "-x509",
                "-newkey",
                // Also fits cipher suites that exchange keys by RSA.
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                file("key.pem"),
                "-out",
                file("certificate.pem"));
        instance = Freshet.start(Map.of(
                "server.ssl.certificate", file("certificate.pem"),
                "server.ssl.certificate-private-key", file("key.pem")));
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @ParameterizedTest
    @CsvSource({"-tls1_3, h2", "-tls1_3, http/1.1", "-tls1_2, h2", "-tls1_2, http/1.1"})
    void protocolsOfTodayAreAccepted(String version, String protocol) throws IOException, InterruptedException {
        var result = connect("", version, "-alpn", protocol);
        assertThat(result).contains("Verify return code: 0 (ok)", "ALPN protocol: " + protocol);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_1", "-tls1"})
    void protocolsOfYesterdayAreRefused(String version) throws IOException, InterruptedException {
        var result = connect("", version, "-cipher", "ALL:@SECLEVEL=0");
        assertThat(result).contains("Cipher is (NONE)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aNULL", "eNULL", "kRSA"})
    void weakCiphersAreRefused(String ciphers) throws IOException, InterruptedException {
        assertThat(connect("", "-tls1_2", "-cipher", ciphers + ":@SECLEVEL=0")).contains("Cipher is (NONE)");
    }

    @Test
    void responseDemandsTlsOfLaterRequests() throws IOException, InterruptedException {
        var request = "GET /api/v1/articles HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        assertThat(connect(request, "-ign_eof", "-alpn", "http/1.1"))
                .contains("HTTP/1.1 200 OK")
                .containsIgnoringCase("Strict-Transport-Security: max-age=");
    }

    private static String connect(String input, String... options) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of(
                "s_client",
                "-connect",
                "127.0.0.1:" + instance.port(),
                "-servername",
                "localhost",
                "-verify_hostname",
                "localhost",
                "-CAfile",
                file("certificate.pem")));
        arguments.addAll(List.of(options));
        return run(input, arguments.toArray(String[]::new));
    }

    private static String run(String input, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(String.valueOf(openssl())));
        command.addAll(List.of(arguments));
        var output = Files.createTempFile(folder, "output", ".txt");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return Files.readString(output);
    }

    private static String file(String name) {
        return folder.resolve(name).toString();
    }
}
