package dev.freshet.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Tracks the bytes of a client in order to know whether it is within a frame (RFC 9113, section 4.1) or a header block.
 * A header block may continue in CONTINUATION frames (section 6.10). DATA frames are ignored.
 */
final class Http2FrameTracker {

    private static final byte[] PREFACE = ByteBufUtil.getBytes(Http2CodecUtil.connectionPrefaceBuf());

    /** Leading bytes of a frame header: length, type and flags. The stream id follows. */
    private static final int TELLING_BYTES = 5;

    private boolean isOther;
    private int prefaceBytes;
    private int headerBytes;
    private long header;
    private int payload;
    private boolean headGoesOn;

    /** Returns whether the client has sent the HTTP/2 preface. */
    boolean areSpoken() {
        return prefaceBytes == PREFACE.length;
    }

    /** Returns whether the client is within a frame or header block. */
    boolean isWithin() {
        return headGoesOn || (headerBytes > 0 && !isData());
    }

    /**
     * Tracks further bytes.
     *
     * @param bytes the next bytes of the connection; they are not consumed
     * @return whether a frame or header block has ended in them
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
