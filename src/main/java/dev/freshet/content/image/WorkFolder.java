package dev.freshet.content.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** A folder for the temporary files of one image. Its methods block the thread. */
record WorkFolder(Path folder) {

    /** Creates a folder within a parent, which is created if absent. */
    static WorkFolder create(Path parent) throws IOException {
        Files.createDirectories(parent);
        return new WorkFolder(Files.createTempDirectory(parent, "image-"));
    }

    /** The image before it is encoded. */
    Path received() {
        return folder.resolve("received");
    }

    /** The encoded image. Its smaller sizes are placed beside it. */
    Path encoded() {
        return folder.resolve("encoded");
    }

    void delete() {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
