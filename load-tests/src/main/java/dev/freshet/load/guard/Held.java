package dev.freshet.load.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/**
 * The processes of a {@link HeldTarget}, in a file for the runs that share it.
 *
 * @param port the first of its ports
 * @param articles the size of its data set when it started
 */
record Held(int port, int articles, long freshet, long postgres, long redis) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String FILE = "held";

    static Held read(Path folder) throws IOException {
        return JSON.readValue(Files.readString(folder.resolve(FILE)), Held.class);
    }

    /** Writes the file in one step, since others wait for it. */
    void write(Path folder) throws IOException {
        var partial = Files.writeString(folder.resolve(FILE + ".part"), JSON.writeValueAsString(this));
        Files.move(partial, folder.resolve(FILE));
    }
}
