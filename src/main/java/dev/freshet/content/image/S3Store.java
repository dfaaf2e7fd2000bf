package dev.freshet.content.image;

import dev.freshet.platform.StartupFailure;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Stores images in a bucket, which can stay private.
 *
 * @param prefix the prefix of object keys
 */
record S3Store(S3AsyncClient client, String bucket, String prefix) implements ImageStore, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(S3Store.class);

    /**
     * Opens a bucket, and contacts it with the first request.
     *
     * @throws StartupFailure if one key is set without the other
     */
    static S3Store open(ImageSettings.S3 settings) {
        if ((settings.accessKey() == null) != (settings.secretKey() == null)) {
            throw new StartupFailure(
                    "freshet.images.s3 has only one of access-key and secret-key.", "Set both or neither.");
        }
        var client = S3AsyncClient.builder()
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                .overrideConfiguration(override -> override.apiCallTimeout(settings.timeout()))
                // Servers other than Amazon reject unknown checksum headers.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        if (settings.endpoint() != null) {
            client.endpointOverride(settings.endpoint());
        }
        if (settings.accessKey() != null && settings.secretKey() != null) {
            client.credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())));
        }
        return new S3Store(client.build(), String.valueOf(settings.bucket()), settings.prefix());
    }

    @Override
    public Mono<Void> put(ImageName name, Path file) {
        return Mono.fromFuture(() -> client.putObject(
                        request -> request.bucket(bucket)
                                .key(key(name))
                                .contentType(name.type().mediaType().toString()),
                        AsyncRequestBody.fromFile(file)))
                .onErrorMap(SdkException.class, S3Store::unavailable)
                .then();
    }

    @Override
    public Mono<Long> length(ImageName name) {
        return Mono.fromFuture(() ->
                        client.headObject(request -> request.bucket(bucket).key(key(name))))
                .map(HeadObjectResponse::contentLength)
                .onErrorResume(S3Exception.class, S3Store::absent)
                .onErrorMap(SdkException.class, S3Store::unavailable);
    }

    @Override
    public Flux<DataBuffer> read(ImageName name, long from, long count) {
        return Mono.fromFuture(() -> client.getObject(
                        request ->
                                request.bucket(bucket).key(key(name)).range("bytes=" + from + "-" + (from + count - 1)),
                        AsyncResponseTransformer.toPublisher()))
                .onErrorMap(
                        S3Exception.class,
                        failure -> failure.statusCode() == HttpStatus.NOT_FOUND.value()
                                ? Problem.NOT_FOUND.because("The image was deleted.")
                                : unavailable(failure))
                .onErrorMap(SdkException.class, S3Store::unavailable)
                .flatMapMany(bytes -> Flux.from(bytes).map(DefaultDataBufferFactory.sharedInstance::wrap));
    }

    @Override
    public Mono<Void> delete(ImageName name) {
        return Mono.fromFuture(() ->
                        client.deleteObject(request -> request.bucket(bucket).key(key(name))))
                .onErrorMap(SdkException.class, S3Store::unavailable)
                .then();
    }

    @Override
    public void close() {
        client.close();
    }

    private String key(ImageName name) {
        return prefix + name;
    }

    private static ProblemException unavailable(Throwable failure) {
        log.warn("A request to the image bucket failed: {}", failure.toString());
        return Problem.UNAVAILABLE.because("The image store is unavailable.");
    }

    private static <T> Mono<T> absent(S3Exception failure) {
        return failure.statusCode() == HttpStatus.NOT_FOUND.value() ? Mono.empty() : Mono.error(failure);
    }
}
