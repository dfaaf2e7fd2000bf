package dev.freshet.platform.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.codec.digest.DigestUtils;
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

    /** Returns the folder of PostgreSQL with its {@code bin}, {@code lib} and {@code share}. */
    Path postgres() throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "Darwin" : "Linux";
        String machine = System.getProperty("os.arch").replace("amd64", "x86_64");
        byte[] archive;
        try (InputStream packed = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine)) {
            archive = packed.readAllBytes();
        } catch (IllegalStateException e) {
            throw new IOException("this program carries no PostgreSQL for " + system + " " + machine, e);
        }
        return unpacked("postgres", archive, Binaries::unpackPostgres);
    }

    /** Returns the server program of Redis. */
    Path redis() throws IOException {
        String name = ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.detectOSandArchitecture());
        byte[] program;
        try (@Nullable InputStream packed = name == null ? null : ExecutableProvider.class.getResourceAsStream(name)) {
            if (packed == null) {
                throw new IOException("this program carries no Redis for " + System.getProperty("os.name"));
            }
            program = packed.readAllBytes();
        }
        return unpacked("redis", program, Binaries::unpackRedis).resolve("redis-server");
    }

    private Path unpacked(String name, byte[] archive, Unpacking unpacking) throws IOException {
        Path target = folder.resolve(name + "-" + digest(archive));
        if (Files.isDirectory(target)) {
            return target;
        }
        Files.createDirectories(folder);
        Path draft = Files.createTempDirectory(folder, name + "-");
        try {
            unpacking.unpack(archive, draft);
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

    private static void unpackRedis(byte[] program, Path target) throws IOException {
        Path file = target.resolve("redis-server");
        Files.write(file, program);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void unpackPostgres(byte[] archive, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new BufferedInputStream(new XZCompressorInputStream(new ByteArrayInputStream(archive))))) {
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

    private static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(DigestUtils.sha256(bytes), 0, 8);
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
        void unpack(byte[] archive, Path target) throws IOException;
    }
}
