package dev.freshet.content.image;

import dev.freshet.platform.problem.Problem;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Keeps images in a folder, of this machine or shared by several.
 *
 * @param files where calls that block are made
 */
record FolderStore(Path folder, Scheduler files) implements ImageStore {

    private static final int CHUNK = 64 * 1024;

    @Override
    public Mono<Void> put(ImageName name, Path file) {
        return blocking(() -> {
            var target = path(name);
            Files.createDirectories(target.getParent());
            // Whoever reads sees all of it or nothing: a copy, where it takes one, gets its name at its end.
            var beside = target.resolveSibling(name + ".part");
            Files.move(file, beside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    @Override
    public Mono<Long> length(ImageName name) {
        return Mono.fromCallable(() -> Files.size(path(name)))
                .onErrorComplete(NoSuchFileException.class)
                .subscribeOn(files);
    }

    @Override
    public Flux<DataBuffer> read(ImageName name, long from, long count) {
        var chunks = DataBufferUtils.readAsynchronousFileChannel(
                () -> AsynchronousFileChannel.open(path(name), StandardOpenOption.READ),
                from,
                DefaultDataBufferFactory.sharedInstance,
                CHUNK);
        return DataBufferUtils.takeUntilByteCount(chunks, count)
                .onErrorMap(NoSuchFileException.class, gone -> Problem.NOT_FOUND.because("The image is gone."))
                .subscribeOn(files);
    }

    @Override
    public Mono<Void> delete(ImageName name) {
        return blocking(() -> Files.deleteIfExists(path(name)));
    }

    /** In one of 256 folders, since some file systems are slow with many files in one. */
    private Path path(ImageName name) {
        return folder.resolve(name.text().substring(0, 2)).resolve(name.text());
    }

    private Mono<Void> blocking(FileAction action) {
        return Mono.fromCallable(() -> {
                    action.run();
                    return true;
                })
                .subscribeOn(files)
                .then();
    }

    private interface FileAction {
        void run() throws IOException;
    }
}
