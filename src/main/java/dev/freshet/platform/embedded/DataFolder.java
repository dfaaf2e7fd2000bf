package dev.freshet.platform.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.freshet.platform.StartupFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The data folder of the embedded servers, locked against a second program while it is open. The operating system
 * releases the lock when the process ends for any reason.
 */
final class DataFolder implements AutoCloseable {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final FileChannel lockFile;
    private final String password;

    private DataFolder(Path path, FileChannel lockFile, String password) {
        this.path = path;
        this.lockFile = lockFile;
        this.password = password;
    }

    /**
     * Opens and locks the folder, and creates it if it is absent.
     *
     * @throws StartupFailure if the folder is not writable or belongs to another running program
     */
    static DataFolder open(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(absolute, OWNER_ONLY_FOLDER);
            }
            Path real = absolute.toRealPath();
            FileChannel lockFile = FileChannel.open(real.resolve("lock"), Set.of(CREATE, READ, WRITE), OWNER_ONLY_FILE);
            try {
                lock(real, lockFile);
                return new DataFolder(real, lockFile, password(real.resolve("stores.password")));
            } catch (IOException | RuntimeException e) {
                lockFile.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StartupFailure(
                    "The data folder " + absolute + " can't be written (" + e + ").",
                    "Choose another with FRESHET_DATA_DIR, or make the folder writable.",
                    e);
        }
    }

    private static void lock(Path folder, FileChannel lockFile) throws IOException {
        if (tryLock(lockFile) == null) {
            throw new StartupFailure(
                    "Another Freshet is using " + folder + owner(lockFile) + ".",
                    "Stop it, or choose another folder with FRESHET_DATA_DIR.");
        }
        lockFile.truncate(0);
        lockFile.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)), 0);
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String owner(FileChannel lockFile) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        lockFile.read(pid, 0);
        String text = StandardCharsets.US_ASCII.decode(pid.flip()).toString().strip();
        return text.isEmpty() ? "" : " (process " + text + ")";
    }

    private static String password(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] secret = new byte[24];
            new SecureRandom().nextBytes(secret);
            writeSecret(file, HexFormat.of().formatHex(secret));
        }
        return Files.readString(file).strip();
    }

    /** Replaces a file atomically, readable by its owner only. */
    static void writeSecret(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, OWNER_ONLY_FILE);
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Resolves a file or folder within this folder. */
    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Creates a folder within this folder if it is absent, accessible to its owner only. */
    Path subfolder(String name) throws IOException {
        return Files.createDirectories(path.resolve(name), OWNER_ONLY_FOLDER);
    }

    Path path() {
        return path;
    }

    /**
     * Returns the password of the embedded servers, in hexadecimal digits. It stays the same for the life of the
     * folder.
     */
    String password() {
        return password;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
