package dev.freshet.content.image;

import java.time.Duration;
import java.util.UUID;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Registers images and deletes those that no article uses. */
final class ImageRegistry {

    private static final int BATCH_SIZE = 100;
    // The key of the advisory lock of the collection.
    private static final long LOCK_KEY = 0x696d61676573L;

    private final ImageRepository images;
    private final TransactionalOperator transaction;
    private final ImageStore store;

    ImageRegistry(ImageRepository images, TransactionalOperator transaction, ImageStore store) {
        this.images = images;
        this.transaction = transaction;
        this.store = store;
    }

    /** Registers an image before it is stored, so that it is deleted later if storing fails. */
    Mono<Void> add(ImageName name, UUID owner, EncodedImage image) {
        return images.add(name.text(), owner, image.width(), image.height(), image.preview(), image.suffixes())
                .then();
    }

    /**
     * Deletes images that no article has used for some time. Only one of several concurrent callers does it.
     *
     * @return the number of deleted images
     */
    Mono<Long> collect(Duration unused) {
        var batch = transaction.transactional(images.tryLock(LOCK_KEY)
                .filter(locked -> locked)
                .flatMap(locked -> images.markUsed()
                        .then(images.markUnused())
                        .then(Mono.defer(() -> delete(unused).count()))));
        return batch.expand(deleted -> deleted < BATCH_SIZE ? Mono.empty() : batch)
                .reduce(0L, Long::sum);
    }

    /** Deletes the rows first: if an article has just started to use an image, this fails before its bytes are deleted. */
    private Flux<ImageRepository.Row> delete(Duration unused) {
        return images.deleteUnused((double) unused.toSeconds(), BATCH_SIZE)
                .collectList()
                .flatMapIterable(rows -> rows)
                .concatMap(row ->
                        Flux.fromStream(row::names).concatMap(store::delete).then(Mono.just(row)));
    }
}
