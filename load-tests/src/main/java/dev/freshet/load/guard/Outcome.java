package dev.freshet.load.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The result of a run: exactly one kind, with its reason.
 *
 * @param reason names the limit that was reached and what to do; empty for {@link Kind#KEPT}
 */
record Outcome(Kind kind, String reason) {

    /** The kinds, of which each run has exactly one. */
    enum Kind {
        /** All budgets were kept. */
        KEPT("kept"),
        /** The server missed a budget, or is slower than in the run to compare with. */
        BROKEN("broken"),
        /** The generator reached a limit of its own, so the run says nothing about the server. */
        GENERATOR("the generator was the bottleneck"),
        /** The server did not start, or stopped answering. */
        TARGET("the target failed");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** The outcome of a run that has no verdict yet: what remains if the generator dies. */
    static Outcome unfinished() {
        return new Outcome(
                Kind.GENERATOR,
                "it stopped before its verdict, out of memory or killed; its log has the reason. Raise its memory with"
                        + " --generator.heap 2g, or lower --load.subscribers");
    }

    boolean isGreen() {
        return kind == Kind.KEPT;
    }

    /** Writes the outcome where {@code load-tests/run} reads it, in place of that of an earlier run. */
    void write(Path folder, String simulation) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(simulation + ".outcome"), simulation + ": " + this + "\n");
    }

    @Override
    public String toString() {
        return kind + (reason.isEmpty() ? "" : ": " + reason);
    }
}
