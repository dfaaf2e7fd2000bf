package dev.freshet.platform.embedded;

import com.sun.security.auth.module.UnixSystem;
import dev.freshet.platform.StartupFailure;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom PostgreSQL runs as, since it refuses to run as root.
 *
 * @param prefix what comes before its commands
 * @param owner who must own its files, or null for whoever runs this program
 */
record ServerUser(List<String> prefix, @Nullable UserPrincipal owner) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * An ordinary user runs it as itself. Root runs it in a user namespace, where files stay root's; where the system
     * refuses those (as many containers do), as user {@code nobody}, who then owns the files.
     *
     * @param program a program that the user must be able to run
     * @throws StartupFailure if root finds neither way
     */
    static ServerUser choose(DataFolder folder, Path program) throws IOException {
        if (new UnixSystem().getUid() != 0) {
            return new ServerUser(List.of(), null);
        }
        List<String> namespace = List.of("unshare", "-U");
        if (runs(namespace, program)) {
            return new ServerUser(namespace, null);
        }
        // Enough for the servers' user to pass through, not to look around.
        Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwx--x--x"));
        for (List<String> nobody : List.of(
                List.of("runuser", "-u", "nobody", "--"),
                List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"))) {
            if (runs(nobody, program)) {
                return new ServerUser(
                        nobody,
                        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
            }
        }
        throw new StartupFailure(
                "PostgreSQL doesn't run as root, and here neither in a user namespace nor as user nobody.",
                "Start Freshet as an ordinary user, or choose a data folder that nobody can reach with FRESHET_DATA_DIR.");
    }

    private static boolean runs(List<String> prefix, Path program) {
        try {
            return !with(prefix, List.of(program.toString(), "--version"))
                    .run(PATIENCE)
                    .failed();
        } catch (IOException e) {
            return false;
        }
    }

    private static Command with(List<String> prefix, List<String> words) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(words);
        return new Command(List.copyOf(all));
    }

    Command command(List<String> words) {
        return with(prefix, words);
    }

    void own(Path path) throws IOException {
        if (owner != null) {
            Files.setOwner(path, owner);
        }
    }
}
