package dev.freshet.read.web;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.LogWriter;
import dev.freshet.testing.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@InChromium
class Http2InBrowserTests {

    private static final int STREAMS = 20;

    @TempDir
    private Path folder;

    @Test
    void twentyStreamsShareOneConnectionOverTls() throws IOException, InterruptedException {
        var settings = Map.of(
                "freshet.samples",
                "false",
                "server.ssl.key-store",
                keyStore().toString(),
                "server.ssl.key-store-password",
                "changeit");
        try (var instance = Freshet.start(Stores.database(), "", settings);
                var browser = Chromium.start();
                var context = browser.context(new Browser.NewContextOptions()
                        .setIgnoreHTTPSErrors(true)
                        .setBypassCSP(true))) {
            var page = context.newPage();
            page.navigate("https://localhost:" + instance.port() + "/openapi");
            page.evaluate("""
                    count => {
                        window.received = 0;
                        window.streams = Array.from({length: count}, (x, i) => {
                            const stream = new EventSource('/api/v1/articles?announce=true');
                            stream.addEventListener('article.published', () => window.received++);
                            return stream;
                        });
                    }""", STREAMS);
            // Over HTTP/1.1 a browser opens six connections, and further streams wait for ever.
            Chromium.await(
                    page,
                    "count => window.streams.filter(stream => stream.readyState === 1).length === count",
                    STREAMS);
            new LogWriter(instance).publish("To all", "tag").block(TIMEOUT);
            Chromium.await(page, "count => window.received === count", STREAMS);
            assertThat(page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol"))
                    .isEqualTo("h2");
        }
    }

    private Path keyStore() throws IOException, InterruptedException {
        var store = folder.resolve("server.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var command = List.of(
                keytool,
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString());
        var making = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(making.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(making.exitValue()).isZero();
        return store;
    }
}
