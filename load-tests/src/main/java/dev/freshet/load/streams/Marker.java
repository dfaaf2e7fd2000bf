package dev.freshet.load.streams;

import io.netty.buffer.ByteBuf;

/**
 * The mark in each event, which identifies it and its due time: {@code #@PP-NNNNNNNNNN-TTTTTTTTTTTTTTTTTTT#} with the
 * publisher, its counter and {@link System#nanoTime}.
 */
final class Marker {

    static final int LENGTH = 36;

    private Marker() {}

    static String of(int publisher, long count, long nanos) {
        return "#@%02d-%010d-%019d#".formatted(publisher, count, nanos);
    }

    /** Returns whether a mark begins here, with all its characters in the buffer. */
    static boolean isAt(ByteBuf bytes, int at) {
        return bytes.getByte(at + 1) == '@' && bytes.getByte(at + LENGTH - 1) == '#';
    }

    static int publisher(ByteBuf bytes, int at) {
        return (int) number(bytes, at + 2, 2);
    }

    static long count(ByteBuf bytes, int at) {
        return number(bytes, at + 5, 10);
    }

    static long nanos(ByteBuf bytes, int at) {
        return number(bytes, at + 16, 19);
    }

    private static long number(ByteBuf bytes, int at, int digits) {
        var number = 0L;
        for (var i = at; i < at + digits; i++) {
            number = number * 10 + bytes.getByte(i) - '0';
        }
        return number;
    }
}
