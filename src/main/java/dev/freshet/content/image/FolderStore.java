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
 * Stores images in a folder, which several instances can share.
 *
 * @param files the scheduler of blocking calls
 */
record FolderStore(Path folder, Scheduler files) implements ImageStore {

    private static final int CHUNK_BYTES = 64 * 1024;

    @Override
    public Mono<Void> put(ImageName name, Path file) {
        return blocking(() -> {
            var target = path(name);
            Files.createDirectories(target.getParent());
            // The rename is atomic, so readers never see a part of a file. The first move may have to copy.
            var part = target.resolveSibling(name + ".part");
            Files.move(file, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
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
                CHUNK_BYTES);
        return DataBufferUtils.takeUntilByteCount(chunks, count)
                .onErrorMap(NoSuchFileException.class, gone -> Problem.NOT_FOUND.because("The image was deleted."))
                .subscribeOn(files);
    }

    @Override
    public Mono<Void> delete(ImageName name) {
        return blocking(() -> Files.deleteIfExists(path(name)));
    }

    /** Returns a path in one of 256 folders, because some file systems are slow with many files in a folder. */
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
