package dev.freshet.content.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.platform.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class GzipDecoderTests {

    private static final long LIMIT = 10_000_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000, 1_000_000})
    void contentIsTheSameForChunksOfAnySize(int part) {
        var content = noise(300_000);
        assertThat(decode(cut(gzip(content), part))).isEqualTo(content);
    }

    @Test
    void readsAllMembersOfAGzipStream() {
        var packed = new ByteArrayOutputStream();
        packed.writeBytes(gzip(text("one ")));
        packed.writeBytes(gzip(text("")));
        packed.writeBytes(gzip(text("two")));
        assertThat(decode(cut(packed.toByteArray(), 3))).isEqualTo(text("one two"));
    }

    @Test
    void truncatedContentIsReportedAtAnyPosition() {
        var packed = gzip(noise(2000));
        for (var length = 1; length < packed.length; length++) {
            var part = Arrays.copyOf(packed, length);
            StepVerifier.create(GzipDecoder.decode(Flux.just(part), LIMIT)
                            .map(DataBuffer::readableByteCount)
                            .ignoreElements())
                    .as("of " + packed.length + " bytes " + length)
                    .verifyError(ProblemException.class);
        }
    }

    @Test
    void contentThatExpandsTooMuchIsRefused() {
        var bomb = gzip(new byte[64 * 1024 * 1024]);
        var read = new AtomicLong();
        StepVerifier.create(GzipDecoder.decode(Flux.just(bomb), Long.MAX_VALUE)
                        .doOnNext(buffer -> read.addAndGet(buffer.readableByteCount()))
                        .ignoreElements())
                .verifyErrorMatches(error -> String.valueOf(error.getMessage()).contains("100-fold"));
        assertThat(read).hasValueLessThan(34L * 1024 * 1024);
    }

    @Test
    void alteredContentIsReported() {
        var packed = gzip(noise(2000));
        packed[packed.length / 2] ^= 1;
        StepVerifier.create(GzipDecoder.decode(Flux.just(packed), LIMIT).ignoreElements())
                .verifyErrorMatches(error -> String.valueOf(error.getMessage()).contains("not gzip"));
        StepVerifier.create(GzipDecoder.decode(Flux.just(text("{\"title\": \"plain\"}")), LIMIT))
                .verifyErrorMatches(error -> String.valueOf(error.getMessage()).contains("not gzip"));
    }

    @Test
    void bomb_failsAtTheLimit() {
        var bomb = gzip(new byte[50_000_000]);
        var size = new AtomicLong();
        StepVerifier.create(GzipDecoder.decode(cut(bomb, 8192), LIMIT)
                        .doOnNext(part -> size.addAndGet(part.readableByteCount()))
                        .ignoreElements())
                .verifyErrorMatches(error -> String.valueOf(error.getMessage()).contains("exceeds 10000000 bytes"));
        assertThat(size.get()).isLessThanOrEqualTo(LIMIT);
    }

    private static byte[] decode(Flux<byte[]> compressed) {
        var content = new ByteArrayOutputStream();
        StepVerifier.create(GzipDecoder.decode(compressed, LIMIT))
                .thenConsumeWhile(part -> true, part -> {
                    var bytes = new byte[part.readableByteCount()];
                    part.read(bytes);
                    content.writeBytes(bytes);
                })
                .verifyComplete();
        return content.toByteArray();
    }

    private static Flux<byte[]> cut(byte[] bytes, int size) {
        List<byte[]> parts = new ArrayList<>();
        for (var from = 0; from < bytes.length; from += size) {
            parts.add(Arrays.copyOfRange(bytes, from, Math.min(from + size, bytes.length)));
        }
        return Flux.fromIterable(parts);
    }

    /** Half of it repeats. */
    private static byte[] noise(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        System.arraycopy(bytes, 0, bytes, length / 2, length / 2);
        return bytes;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] content) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
