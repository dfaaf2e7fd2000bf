package dev.freshet.content.image;

import dev.freshet.platform.problem.Problem;
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

/** Receives an upload into a file, encodes it as a new image, and stores that. */
final class UploadService {

    private final Path folder;
    private final long maxSize;
    private final ImageEncoder encoder;
    private final ImageRegistry images;
    private final ImageStore store;
    private final Scheduler decoding;
    private final Scheduler files;

    /**
     * @param folder the folder of temporary files
     * @param decoding the bounded scheduler of CPU-bound work
     * @param files the scheduler of blocking calls
     */
    UploadService(
            Path folder,
            long maxSize,
            ImageEncoder encoder,
            ImageRegistry images,
            ImageStore store,
            Scheduler decoding,
            Scheduler files) {
        this.folder = folder;
        this.maxSize = maxSize;
        this.encoder = encoder;
        this.images = images;
        this.store = store;
        this.decoding = decoding;
        this.files = files;
    }

    /** The response to an upload. */
    record Upload(String url, int width, int height, String type, long bytes) {}

    /**
     * Receives an upload, encodes it as a new image, and stores that. Fails with a problem if it is not a valid image within the limits.
     *
     * @param length the Content-Length; negative if absent
     */
    Mono<Upload> upload(UUID owner, Flux<DataBuffer> body, long length) {
        if (length > maxSize) {
            return Mono.error(this::tooLarge);
        }
        return Mono.usingWhen(
                Mono.fromCallable(() -> WorkFolder.create(folder)).subscribeOn(files),
                work -> receive(body, work.received())
                        .then(Mono.fromCallable(() -> encoder.reencode(work.received(), work.encoded()))
                                .subscribeOn(decoding))
                        .flatMap(encoded -> save(owner, work.encoded(), encoded)),
                work -> Mono.fromRunnable(work::delete).subscribeOn(files));
    }

    private Mono<Upload> save(UUID owner, Path file, EncodedImage encoded) {
        var name = ImageName.of(encoded.type());
        return Mono.fromCallable(() -> Files.size(file))
                .subscribeOn(files)
                .flatMap(bytes -> images.add(name, owner, encoded)
                        .then(store.put(name, file))
                        .then(store.putSizes(name, encoded))
                        .thenReturn(new Upload(
                                name.path(),
                                encoded.width(),
                                encoded.height(),
                                encoded.type().mediaType().toString(),
                                bytes)));
    }

    private Mono<Void> receive(Flux<DataBuffer> body, Path file) {
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
        return Mono.usingWhen(
                Mono.fromCallable(() -> AsynchronousFileChannel.open(
                                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
                        .subscribeOn(files),
                channel -> DataBufferUtils.write(bounded, channel)
                        .doOnNext(DataBufferUtils::release)
                        .then(),
                channel -> Mono.fromCallable(() -> {
                            channel.close();
                            return true;
                        })
                        .subscribeOn(files));
    }

    private RuntimeException tooLarge() {
        return Problem.CONTENT_TOO_LARGE.because("The image exceeds " + maxSize + " bytes.");
    }
}
