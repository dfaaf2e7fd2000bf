package dev.freshet.platform.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/**
 * The programs of the servers, extracted from the class path once per version into a folder of their own.
 *
 * @param folder the folder of the extracted programs
 */
record Binaries(Path folder) {

    private static final Pattern JAR = Pattern.compile("([^/!]+)\\.jar!/[^!]*$");

    /** Returns the folder of PostgreSQL with its {@code bin}, {@code lib} and {@code share}. */
    Path postgres() throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String machine =
                System.getProperty("os.arch").replace("amd64", "x86_64").replace("aarch64", "arm_64");
        URL archive = Binaries.class.getResource("/postgres-" + system + "-" + machine + ".txz");
        if (archive == null) {
            throw new IOException("this program carries no PostgreSQL for " + system + " " + machine);
        }
        return unpacked(archive, Binaries::unpackPostgres);
    }

    /** Returns the server program of Redis. */
    Path redis() throws IOException {
        String name = ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.detectOSandArchitecture());
        URL program = name == null ? null : ExecutableProvider.class.getResource(name);
        if (program == null) {
            throw new IOException("this program carries no Redis for " + System.getProperty("os.name"));
        }
        return unpacked(program, Binaries::unpackRedis).resolve("redis-server");
    }

    private Path unpacked(URL archive, Unpacking unpacking) throws IOException {
        String version = version(archive);
        Path target = folder.resolve(version);
        if (Files.isDirectory(target)) {
            return target;
        }
        Files.createDirectories(folder);
        Path draft = Files.createTempDirectory(folder, version + "-");
        try (InputStream packed = archive.openStream()) {
            unpacking.unpack(packed, draft);
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            deleteRecursively(draft);
            // Another process may have extracted the same files before.
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
        return target;
    }

    private static void unpackRedis(InputStream program, Path target) throws IOException {
        Path file = target.resolve("redis-server");
        Files.copy(program, file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void unpackPostgres(InputStream archive, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new BufferedInputStream(new XZCompressorInputStream(new BufferedInputStream(archive))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("the archive has an entry outside of itself: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                if (entry.isSymbolicLink() || entry.isLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, file);
                    boolean program = target.relativize(file).startsWith("bin");
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    /** Returns the name of the jar that contains a file: its version. To read the file for it would delay each start. */
    private static String version(URL file) throws IOException {
        Matcher jar = JAR.matcher(file.toString());
        if (!jar.find()) {
            throw new IOException(file + " is in no jar");
        }
        return jar.group(1);
    }

    static void deleteRecursively(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private interface Unpacking {
        void unpack(InputStream archive, Path target) throws IOException;
    }
}
