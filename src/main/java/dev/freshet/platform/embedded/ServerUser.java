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
 * The user that runs PostgreSQL, which refuses to run as root.
 *
 * @param prefix the command prefix
 * @param owner the required owner of the files, or null for the user of this program
 */
record ServerUser(List<String> prefix, @Nullable UserPrincipal owner) {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(30);

    /**
     * Chooses the user. An ordinary user runs PostgreSQL as itself. Root runs it in a user namespace, where files stay
     * root's. If the system refuses namespaces, as many containers do, root runs it as user {@code nobody}, who then
     * owns the files.
     *
     * @param program a program that the user must be able to run
     * @throws StartupFailure if root can use neither way
     */
    static ServerUser choose(DataFolder folder, Path program) throws IOException {
        if (new UnixSystem().getUid() != 0) {
            return new ServerUser(List.of(), null);
        }
        List<String> namespace = List.of("unshare", "-U");
        if (runs(namespace, program)) {
            return new ServerUser(namespace, null);
        }
        // Permits traversal for the servers' user, but no listing.
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
                "PostgreSQL cannot run as root, nor here in a user namespace or as user nobody.",
                "Start Freshet as an ordinary user, or set FRESHET_DATA_DIR to a folder that the user nobody can reach.");
    }

    private static boolean runs(List<String> prefix, Path program) {
        try {
            return !with(prefix, List.of(program.toString(), "--version"))
                    .run(COMMAND_TIMEOUT)
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
