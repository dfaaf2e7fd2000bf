package dev.freshet.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Follows what a client sends as far as is needed to tell whether it has begun what it hasn't ended: a frame (RFC 9113,
 * section 4.1), or a head that goes on in CONTINUATION frames (section 6.10). Content, thus DATA, is no matter of it.
 */
final class Http2FrameTracker {

    private static final byte[] PREFACE = ByteBufUtil.getBytes(Http2CodecUtil.connectionPrefaceBuf());

    /** Of a frame's header, which has the identity of the stream behind them: length, type and flags. */
    private static final int TELLING_BYTES = 5;

    private boolean isOther;
    private int prefaceBytes;
    private int headerBytes;
    private long header;
    private int payload;
    private boolean headGoesOn;

    /** Whether the client speaks HTTP/2 for sure. */
    boolean areSpoken() {
        return prefaceBytes == PREFACE.length;
    }

    /** Whether something has begun and not ended. */
    boolean isWithin() {
        return headGoesOn || (headerBytes > 0 && !isData());
    }

    /**
     * Goes on.
     *
     * @param bytes the next ones of the connection; they stay as they are
     * @return whether something has ended in them, whatever may have begun since
     */
    boolean follow(ByteBuf bytes) {
        var ended = false;
        for (var at = bytes.readerIndex(); at < bytes.writerIndex() && !isOther; ) {
            if (!areSpoken()) {
                isOther = bytes.getByte(at++) != PREFACE[prefaceBytes++];
                ended |= areSpoken();
            } else if (headerBytes < Http2CodecUtil.FRAME_HEADER_LENGTH) {
                addToHeader(bytes.getUnsignedByte(at++));
            } else {
                var skipped = Math.min(payload, bytes.writerIndex() - at);
                payload -= skipped;
                at += skipped;
            }
            if (headerBytes == Http2CodecUtil.FRAME_HEADER_LENGTH && payload == 0) {
                endFrame();
                ended |= !headGoesOn;
            }
        }
        return ended;
    }

    private void addToHeader(short octet) {
        if (headerBytes++ < TELLING_BYTES) {
            header = (header << Byte.SIZE) | octet;
        }
        if (headerBytes == Http2CodecUtil.FRAME_HEADER_LENGTH) {
            payload = (int) (header >>> (2 * Byte.SIZE));
        }
    }

    private void endFrame() {
        if (type() == Http2FrameTypes.HEADERS || type() == Http2FrameTypes.CONTINUATION) {
            headGoesOn = !new Http2Flags((short) (header & 0xff)).endOfHeaders();
        }
        headerBytes = 0;
        header = 0;
    }

    private boolean isData() {
        return headerBytes == Http2CodecUtil.FRAME_HEADER_LENGTH && type() == Http2FrameTypes.DATA;
    }

    private byte type() {
        return (byte) (header >>> Byte.SIZE);
    }
}
