package dev.freshet.content.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class LineSplitterTests {

    private final NettyDataBufferFactory buffers = new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);
    private final List<DataBuffer> given = new ArrayList<>();

    @Test
    void linesAreTheSameForChunksOfAnySize() {
        var random = new Random(7);
        for (int round = 0; round < 200; round++) {
            var lines = IntStream.range(0, random.nextInt(1, 20))
                    .mapToObj(i -> "é".repeat(random.nextInt(0, 30)))
                    .toList();
            var end = random.nextBoolean() ? "\n" : "\r\n";
            var bytes = (String.join(end, lines) + (random.nextBoolean() ? end : "")).getBytes(StandardCharsets.UTF_8);
            var expected = IntStream.range(0, lines.size())
                    .filter(i -> !lines.get(i).isEmpty())
                    .mapToObj(i -> (i + 1) + (lines.get(i).length() > 20 ? " too long" : ":" + lines.get(i)))
                    .toList();

            assertThat(LineSplitter.lines(cut(bytes, random), 40)
                            .map(LineSplitterTests::shown)
                            .collectList()
                            .block())
                    .as("round %d", round)
                    .isEqualTo(expected);
        }
        assertAllReleased();
    }

    @Test
    void oversizedLineIsReportedOnceAndOthersAreImported() {
        var body = "a\n" + "x".repeat(10_000_000) + "\nb";

        LineSplitter.lines(cut(body.getBytes(StandardCharsets.UTF_8), 64 * 1024), 1000)
                .map(LineSplitterTests::shown)
                .as(StepVerifier::create)
                .expectNext("1:a", "2 too long", "3:b")
                .verifyComplete();
        assertAllReleased();
    }

    @Test
    void byteOrderMarkIsNoPartOfTheFirstLine() {
        LineSplitter.lines(cut("\uFEFFa\n \n\uFEFFb".getBytes(StandardCharsets.UTF_8), 1), 10)
                .map(LineSplitterTests::shown)
                .as(StepVerifier::create)
                .expectNext("1:a", "3:\uFEFFb")
                .verifyComplete();
    }

    @Test
    void buffersAreReleasedOnCancelAndError() {
        var bytes = "one\ntwo\nthree\nfour\n".repeat(50).getBytes(StandardCharsets.UTF_8);

        LineSplitter.lines(cut(bytes, 6), 100)
                .as(lines -> StepVerifier.create(lines, 3))
                .expectNextCount(3)
                .thenCancel()
                .verify();
        LineSplitter.lines(cut(bytes, 6).concatWith(Flux.error(new IllegalStateException("cut off"))), 100)
                .as(StepVerifier::create)
                .expectNextCount(200)
                .verifyErrorMessage("cut off");
        assertAllReleased();
    }

    @Test
    void bodyIsReadOnlyAsLinesAreWanted() {
        var bytes = "a\n".repeat(1000).getBytes(StandardCharsets.UTF_8);

        LineSplitter.lines(cut(bytes, 2), 100)
                .as(lines -> StepVerifier.create(lines, 5))
                .expectNextCount(5)
                .then(() -> assertThat(given).hasSizeLessThanOrEqualTo(7))
                .thenCancel()
                .verify();
    }

    private Flux<DataBuffer> cut(byte[] bytes, int size) {
        return Flux.range(0, (bytes.length + size - 1) / size)
                .map(i -> buffer(Arrays.copyOfRange(bytes, i * size, Math.min(bytes.length, (i + 1) * size))));
    }

    private Flux<DataBuffer> cut(byte[] bytes, Random random) {
        return Flux.generate(() -> 0, (from, sink) -> {
            if (from == bytes.length) {
                sink.complete();
                return from;
            }
            int to = Math.min(bytes.length, from + random.nextInt(1, 50));
            sink.next(buffer(Arrays.copyOfRange(bytes, from, to)));
            return to;
        });
    }

    private DataBuffer buffer(byte[] bytes) {
        var buffer = buffers.allocateBuffer(bytes.length);
        buffer.write(bytes);
        given.add(buffer);
        return buffer;
    }

    private void assertAllReleased() {
        assertThat(given)
                .isNotEmpty()
                .allSatisfy(buffer -> assertThat(
                                ((NettyDataBuffer) buffer).getNativeBuffer().refCnt())
                        .isZero());
    }

    private static String shown(NdjsonLine line) {
        return switch (line) {
            case NdjsonLine.Text text -> text.number() + ":" + new String(text.bytes(), StandardCharsets.UTF_8);
            case NdjsonLine.TooLong tooLong -> tooLong.number() + " too long";
        };
    }
}
