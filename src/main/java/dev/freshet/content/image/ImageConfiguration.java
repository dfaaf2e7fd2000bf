package dev.freshet.content.image;

import dev.freshet.platform.FreshetSettings;
import dev.freshet.platform.Periodic;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Configures the upload, storage and delivery of images. */
@Configuration(proxyBeanMethods = false)
class ImageConfiguration {

    private static final Logger log = LoggerFactory.getLogger(ImageConfiguration.class);
    private static final Duration COLLECTION_INTERVAL = Duration.ofMinutes(30);
    private static final Duration SIZES_INTERVAL = Duration.ofMinutes(5);
    private static final int FILE_THREADS = 8;
    private static final int MAX_WAITING_FILES = 1000;
    private static final int IDLE_SECONDS = 60;

    /** Threads for decoding. Inject it by name. */
    @Bean(destroyMethod = "dispose", defaultCandidate = false)
    Scheduler imageDecoding(ImageSettings settings) {
        var queued = Math.ceilDiv(settings.waiting(), settings.threads());
        return Schedulers.newBoundedElastic(settings.threads(), queued, "image", IDLE_SECONDS, true);
    }

    /** Threads for files of images, since a shared folder may hang. Inject it by name. */
    @Bean(destroyMethod = "dispose", defaultCandidate = false)
    Scheduler imageFiles() {
        return Schedulers.newBoundedElastic(FILE_THREADS, MAX_WAITING_FILES, "image-files", IDLE_SECONDS, true);
    }

    /** The bucket if one is configured, else a folder. The SDK of buckets costs start-up time and memory. */
    @Bean
    ImageStore imageStore(
            ImageSettings settings, FreshetSettings freshet, @Qualifier("imageFiles") Scheduler imageFiles) {
        return StringUtils.hasText(settings.s3().bucket())
                ? S3Store.open(settings.s3())
                : new FolderStore(folder(settings, freshet), imageFiles);
    }

    @Bean
    ImageRegistry imageRegistry(ImageRepository images, TransactionalOperator transaction, ImageStore store) {
        return new ImageRegistry(images, transaction, store);
    }

    @Bean
    UploadService uploads(
            ImageSettings settings,
            FreshetSettings freshet,
            ImageRegistry images,
            ImageStore store,
            @Qualifier("imageDecoding") Scheduler imageDecoding,
            @Qualifier("imageFiles") Scheduler imageFiles) {
        return new UploadService(
                temporaryFolder(settings, freshet),
                settings.maxSize().toBytes(),
                ImageEncoder.of(settings),
                images,
                store,
                imageDecoding,
                imageFiles);
    }

    @ImageOperations.Read
    @Bean
    RouterFunction<ServerResponse> imageRoute(ImageStore store) {
        return new ImageRoute(store).function();
    }

    @Bean
    Periodic imageCollection(ImageRegistry images, ImageSettings settings) {
        return new Periodic(
                "Deletion of unused images",
                COLLECTION_INTERVAL,
                Mono.defer(() -> images.collect(settings.unused()))
                        .filter(deleted -> deleted > 0)
                        .doOnNext(deleted -> log.info("Deleted {} unused images", deleted))
                        .then());
    }

    @Bean
    OlderImages olderImages(
            ImageSettings settings,
            FreshetSettings freshet,
            ImageRepository images,
            ImageStore store,
            @Qualifier("imageDecoding") Scheduler imageDecoding,
            @Qualifier("imageFiles") Scheduler imageFiles) {
        return new OlderImages(
                temporaryFolder(settings, freshet),
                ImageEncoder.of(settings),
                images,
                store,
                imageDecoding,
                imageFiles);
    }

    @Bean
    Periodic sizesOfOlderImages(OlderImages images) {
        return new Periodic(
                "Encoding of smaller sizes of older images",
                SIZES_INTERVAL,
                Mono.defer(images::addSizes)
                        .filter(count -> count > 0)
                        .doOnNext(count -> log.info("Encoded smaller sizes of {} older images", count))
                        .then());
    }

    private static Path temporaryFolder(ImageSettings settings, FreshetSettings freshet) {
        return folder(settings, freshet).resolve("uploads");
    }

    private static Path folder(ImageSettings settings, FreshetSettings freshet) {
        var named = settings.folder();
        return named == null || named.isBlank()
                ? freshet.dataFolder().resolve("images")
                : Path.of(named).toAbsolutePath().normalize();
    }
}
