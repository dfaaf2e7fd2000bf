package dev.freshet.content.image;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Adds smaller sizes to images of earlier versions, one at a time. */
final class OlderImages {

    private static final Logger log = LoggerFactory.getLogger(OlderImages.class);

    private static final Set<Problem> PERMANENT = Set.of(
            Problem.UNREADABLE_IMAGE, Problem.CONTENT_TOO_LARGE, Problem.UNSUPPORTED_MEDIA_TYPE, Problem.NOT_FOUND);

    private final Path folder;
    private final ImageEncoder encoder;
    private final ImageRepository images;
    private final ImageStore store;
    private final Scheduler decoding;
    private final Scheduler files;

    /**
     * @param folder the folder of temporary files
     * @param decoding the bounded scheduler of CPU-bound work
     * @param files the scheduler of blocking calls
     */
    OlderImages(
            Path folder,
            ImageEncoder encoder,
            ImageRepository images,
            ImageStore store,
            Scheduler decoding,
            Scheduler files) {
        this.folder = folder;
        this.encoder = encoder;
        this.images = images;
        this.store = store;
        this.decoding = decoding;
        this.files = files;
    }

    /**
     * Adds sizes to all images that have none, each by one of several concurrent callers. Fails if the store is unavailable;
     * the images that remain can then be tried again.
     *
     * @return the number of images that were tried
     */
    Mono<Long> addSizes() {
        return addSizesToOne().expand(name -> addSizesToOne()).count();
    }

    private Mono<ImageName> addSizesToOne() {
        return Mono.defer(images::takeOneWithoutSizes)
                .map(row -> new ImageName(row.name()))
                .flatMap(name -> addSizes(name)
                        .onErrorResume(error -> isPermanent(error)
                                ? Mono.fromRunnable(
                                        () -> log.warn("The image {} can't be read: {}", name, error.toString()))
                                : images.returnWithoutSizes(name.text()).then(Mono.error(error)))
                        .thenReturn(name));
    }

    private static boolean isPermanent(Throwable error) {
        return error instanceof ProblemException e && PERMANENT.contains(e.problem());
    }

    private Mono<Void> addSizes(ImageName name) {
        return Mono.usingWhen(
                Mono.fromCallable(() -> WorkFolder.create(folder)).subscribeOn(files),
                work -> store.length(name)
                        .flatMap(length -> DataBufferUtils.write(store.read(name, 0, length), work.encoded())
                                .subscribeOn(files)
                                .then(Mono.fromCallable(() -> encoder.addSizes(work.encoded(), name.type()))
                                        .subscribeOn(decoding)))
                        .flatMap(image -> store.putSizes(name, image)
                                .then(images.setSizes(
                                        name.text(), image.width(), image.height(), image.preview(), image.suffixes()))
                                .then()),
                work -> Mono.fromRunnable(work::delete).subscribeOn(files));
    }
}
