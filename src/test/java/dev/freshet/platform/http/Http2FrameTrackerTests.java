package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http2FrameTrackerTests {

    private static final int END = Http2Flags.END_HEADERS;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    /** For each byte, whether a message is open after it. */
    private final List<Boolean> within = new ArrayList<>();

    @Test
    void openMessageIsDetectedAfterEachByte() {
        preface();
        frame(Http2FrameTypes.SETTINGS, 0, 0, false);
        frame(Http2FrameTypes.SETTINGS, 0, 12, false);
        frame(Http2FrameTypes.HEADERS, END, 40, false);
        frame(Http2FrameTypes.DATA, 0, 300, false);
        frame(Http2FrameTypes.DATA, END, 0, false);
        frame(Http2FrameTypes.HEADERS, 0, 70_000, true);
        frame(Http2FrameTypes.CONTINUATION, 0, 0, true);
        frame(Http2FrameTypes.CONTINUATION, 1, 5, true);
        frame(Http2FrameTypes.CONTINUATION, END, 1, false);
        // The flag means something else of any other frame.
        frame(Http2FrameTypes.PING, 0, 8, false);
        frame(Http2FrameTypes.WINDOW_UPDATE, END, 4, false);
        frame(0xfa, 0xff, 3, false);

        var bytewise = new Http2FrameTracker();
        for (var i = 0; i < within.size(); i++) {
            bytewise.follow(Unpooled.wrappedBuffer(sent.toByteArray(), i, 1));
            assertThat(bytewise.isWithin()).as("after byte " + i).isEqualTo(within.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 9, 24, 33, 1000, 100_000})
    void anyChunkSizeGivesTheSameResult(int size) {
        preface();
        for (var i = 0; i < 100; i++) {
            frame(Http2FrameTypes.HEADERS, i % 3 == 0 ? 0 : END, 5 * i, i % 3 == 0);
            if (i % 3 == 0) {
                frame(Http2FrameTypes.CONTINUATION, END, i, false);
            }
            frame(Http2FrameTypes.DATA, 0, 11 * i, false);
        }
        var frames = new Http2FrameTracker();
        var all = sent.toByteArray();
        for (var at = 0; at < all.length; at += size) {
            var part = Unpooled.wrappedBuffer(all, at, Math.min(size, all.length - at));
            frames.follow(part);
            assertThat(part.readerIndex()).isZero();
            assertThat(frames.isWithin()).isEqualTo(within.get(Math.min(at + size, all.length) - 1));
        }
    }

    @Test
    void endIsReportedIfAnotherMessageHasBegun() {
        preface();
        frame(Http2FrameTypes.HEADERS, END, 40, false);
        frame(Http2FrameTypes.HEADERS, END, 40, false);
        var frames = new Http2FrameTracker();
        var all = sent.toByteArray();
        assertThat(frames.follow(Unpooled.wrappedBuffer(all, 0, 44))).isTrue();
        assertThat(frames.isWithin()).isTrue();
        assertThat(frames.follow(Unpooled.wrappedBuffer(all, 44, 20))).isFalse();
        assertThat(frames.follow(Unpooled.wrappedBuffer(all, 64, 20))).isTrue();
        assertThat(frames.isWithin()).isTrue();
    }

    @Test
    void unfinishedHeadersFrameIsNotAnEnd() {
        preface();
        frame(Http2FrameTypes.HEADERS, 0, 5, true);
        frame(Http2FrameTypes.CONTINUATION, 0, 1, true);
        frame(Http2FrameTypes.CONTINUATION, END, 1, false);
        var frames = new Http2FrameTracker();
        var all = sent.toByteArray();
        assertThat(frames.follow(Unpooled.wrappedBuffer(all, 0, 24))).isTrue();
        assertThat(frames.follow(Unpooled.wrappedBuffer(all, 24, 14))).isFalse();
        assertThat(frames.follow(Unpooled.wrappedBuffer(all, 38, 10))).isFalse();
        assertThat(frames.follow(Unpooled.wrappedBuffer(all, 48, 10))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/1.1\r\n\r\n", "PUT /", "\0\1", ""})
    void otherProtocolsAreLeftAlone(String text) {
        var frames = new Http2FrameTracker();
        assertThat(frames.follow(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII)))
                .isFalse();
        assertThat(frames.follow(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII)))
                .isFalse();
        assertThat(frames.areSpoken()).isFalse();
        assertThat(frames.isWithin()).isFalse();
    }

    private void preface() {
        var preface = Http2CodecUtil.connectionPrefaceBuf();
        while (preface.isReadable()) {
            sent.write(preface.readByte());
            within.add(false);
        }
    }

    /** @param goesOn whether the head isn't over with this frame */
    private void frame(int type, int flags, int length, boolean goesOn) {
        sent.write(length >> 16);
        sent.write(length >> 8);
        sent.write(length);
        sent.write(type);
        sent.write(flags);
        sent.writeBytes(new byte[] {0, 0, 0, 1});
        sent.writeBytes(new byte[length]);
        for (var i = 1; i < Http2CodecUtil.FRAME_HEADER_LENGTH; i++) {
            within.add(true);
        }
        for (var i = 0; i < length; i++) {
            within.add(type != Http2FrameTypes.DATA);
        }
        within.add(goesOn);
    }
}
