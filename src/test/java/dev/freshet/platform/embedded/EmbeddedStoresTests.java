package dev.freshet.platform.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.contains;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import dev.freshet.platform.StartupFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.commons.logging.Log;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoresTests {

    @Test
    void redisIsOmitted_whenItDoesNotStart(@TempDir Path temporary) throws Exception {
        Binaries binaries = new Binaries(temporary.resolve("bin"));
        Files.writeString(
                binaries.redis(),
                "#!/bin/sh\necho 'redis-server: error while loading shared libraries: libssl.so.3' >&2\nexit 127\n");
        Log log = mock(Log.class);
        try (EmbeddedStores stores = new EmbeddedStores(temporary.resolve("data"), binaries, log)) {
            assertThat(stores.start(false, true).values())
                    .singleElement()
                    .extracting(CompletableFuture::join)
                    .isNull();
            verify(log).warn(contains("libssl.so.3"));
        }
    }

    @Test
    void readerOfAUrlReceivesTheFailureOfItsServer() {
        var failure = new StartupFailure("The embedded PostgreSQL doesn't start.", "See its log.");
        var urls = new PendingUrls(Map.of("freshet.postgres.url", CompletableFuture.failedFuture(failure)));
        assertThatThrownBy(() -> urls.getProperty("freshet.postgres.url")).isSameAs(failure);
    }

    @Test
    void storesDoNotStart_afterTheyWereClosed(@TempDir Path temporary) {
        EmbeddedStores stores = new EmbeddedStores(
                temporary.resolve("data"), new Binaries(ServersForTests.binaries()), mock(Log.class));
        stores.close();
        assertThat(stores.start(true, true)).isEmpty();
        assertThat(temporary.resolve("data")).doesNotExist();
    }
}
