package dev.freshet.platform.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.contains;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import java.nio.file.Files;
import java.nio.file.Path;
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
            assertThat(stores.start(false, true)).isEmpty();
            verify(log).warn(contains("libssl.so.3"));
        }
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
