package dev.freshet.content.image;

import dev.freshet.platform.problem.Problem;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Takes uploads: from the socket to a file, from there to a new image, and that to the store. */
final class UploadService {

    private final Path folder;
    private final long maxSize;
    private final ImageEncoder reencoder;
    private final ImageRegistry images;
    private final ImageStore store;
    private final Scheduler decoding;
    private final Scheduler files;

    /**
     * @param folder where uploads are while they are being worked on
     * @param decoding bounded, for what takes the processor
     * @param files where calls that block are made
     */
    UploadService(
            Path folder,
            long maxSize,
            ImageEncoder reencoder,
            ImageRegistry images,
            ImageStore store,
            Scheduler decoding,
            Scheduler files) {
        this.folder = folder;
        this.maxSize = maxSize;
        this.reencoder = reencoder;
        this.images = images;
        this.store = store;
        this.decoding = decoding;
        this.files = files;
    }

    /** An image that was taken, as its owner is told. */
    record Upload(String url, int width, int height, String type, long bytes) {}

    /**
     * Takes an upload.
     *
     * @param length what the client says of its length; negative where it says nothing
     * @return fails with a problem where it is no image that can be taken
     */
    Mono<Upload> take(UUID owner, Flux<DataBuffer> body, long length) {
        if (length > maxSize) {
            return Mono.error(this::tooLarge);
        }
        return Mono.usingWhen(
                Mono.fromCallable(this::open).subscribeOn(files),
                work -> receive(body, work)
                        .then(Mono.fromCallable(() -> reencoder.reencode(work.received(), work.made()))
                                .subscribeOn(decoding))
                        .flatMap(made -> keep(owner, work.made(), made)),
                work -> Mono.fromRunnable(work::delete).subscribeOn(files));
    }

    private Mono<Upload> keep(UUID owner, Path file, ImageEncoder.Made made) {
        var name = ImageName.of(made.type());
        return Mono.fromCallable(() -> Files.size(file))
                .subscribeOn(files)
                .flatMap(bytes -> images.add(name, owner)
                        .then(store.put(name, file))
                        .thenReturn(new Upload(
                                name.path(),
                                made.width(),
                                made.height(),
                                made.type().mediaType().toString(),
                                bytes)));
    }

    private Mono<Void> receive(Flux<DataBuffer> body, Work work) {
        var size = new AtomicLong();
        var bounded = body.doOnDiscard(DataBuffer.class, DataBufferUtils::release)
                .<DataBuffer>handle((buffer, sink) -> {
                    if (size.addAndGet(buffer.readableByteCount()) > maxSize) {
                        DataBufferUtils.release(buffer);
                        sink.error(tooLarge());
                    } else {
                        sink.next(buffer);
                    }
                });
        return DataBufferUtils.write(bounded, work.channel())
                .doOnNext(DataBufferUtils::release)
                .then();
    }

    private RuntimeException tooLarge() {
        return Problem.CONTENT_TOO_LARGE.because("An image is up to " + maxSize + " bytes.");
    }

    private Work open() throws IOException {
        Files.createDirectories(folder);
        var received = Files.createTempFile(folder, "received-", "");
        return new Work(
                received,
                received.resolveSibling(received.getFileName() + ".made"),
                AsynchronousFileChannel.open(received, StandardOpenOption.WRITE));
    }

    private record Work(Path received, Path made, AsynchronousFileChannel channel) {

        void delete() {
            try (channel) {
                Files.deleteIfExists(received);
                Files.deleteIfExists(made);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
