package dev.freshet.content.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

class FolderStoreTests extends ImageStoreContract {

    @TempDir
    Path folder;

    private ImageStore store;

    @BeforeEach
    void open() {
        store = new FolderStore(folder, Schedulers.boundedElastic());
    }

    @Override
    ImageStore store() {
        return store;
    }

    @Test
    void storedImage_leavesNoPartialFile() throws IOException {
        put(NAME);

        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .containsExactly(folder.resolve(NAME.text().substring(0, 2)).resolve(NAME.text()));
        }
    }
}
