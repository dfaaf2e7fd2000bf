package dev.freshet.content.image;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The contract of {@link ImageStore}, which each implementation's test class extends. */
abstract class ImageStoreContract {

    static final ImageName NAME = ImageName.of(ImageType.PNG);

    private static final byte[] CONTENT = "0123456789".repeat(50_000).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path uploads;

    abstract ImageStore store();

    @Test
    void storedImage_isReadWholeAndInRanges() throws IOException {
        put(NAME);

        assertThat(store().length(NAME).block(TIMEOUT)).isEqualTo(CONTENT.length);
        assertThat(read(0, CONTENT.length)).isEqualTo(new String(CONTENT, StandardCharsets.US_ASCII));
        assertThat(read(8, 4)).isEqualTo("8901");
        assertThat(read(CONTENT.length - 1, 1)).isEqualTo("9");
    }

    @Test
    void deletedImage_isAbsent() throws IOException {
        put(NAME);

        store().delete(NAME).block(TIMEOUT);

        StepVerifier.create(store().length(NAME)).verifyComplete();
        assertProblem(store().read(NAME, 0, 1).then(), Problem.NOT_FOUND);
    }

    @Test
    void deletingAnAbsentImage_succeeds() {
        store().delete(NAME).block(TIMEOUT);
        store().delete(NAME).block(TIMEOUT);

        StepVerifier.create(store().length(NAME)).verifyComplete();
    }

    @Test
    void images_areIndependent() throws IOException {
        var other = ImageName.of(ImageType.JPEG);
        put(NAME);
        put(other);

        store().delete(other).block(TIMEOUT);

        assertThat(read(0, 3)).isEqualTo("012");
    }

    void put(ImageName name) throws IOException {
        var file = Files.write(uploads.resolve(name.text()), CONTENT);
        store().put(name, file).block(TIMEOUT);
    }

    private String read(long from, long count) {
        return Objects.requireNonNull(DataBufferUtils.join(store().read(NAME, from, count))
                .map(buffer -> {
                    var text = buffer.toString(StandardCharsets.US_ASCII);
                    DataBufferUtils.release(buffer);
                    return text;
                })
                .block(TIMEOUT));
    }

    static void assertProblem(Mono<Void> action, Problem problem) {
        StepVerifier.create(action)
                .expectErrorSatisfies(error ->
                        assertThat(((ProblemException) error).problem()).isEqualTo(problem))
                .verify(TIMEOUT);
    }
}
