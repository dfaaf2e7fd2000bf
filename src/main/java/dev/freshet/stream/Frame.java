package dev.freshet.stream;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.LogEntry;
import java.util.EnumMap;
import java.util.Map;

/**
 * An event of the log and its encodings in each {@link Format}, each made once, when the first subscriber needs it. Other
 * formats store their encodings themselves, since their number is not bounded.
 */
final class Frame {

    private final LogEntry entry;
    private final Cursor cursor;
    private final Map<Format, byte[]> staying = new EnumMap<>(Format.class);
    private final Map<Format, byte[]> leaving = new EnumMap<>(Format.class);

    Frame(long epoch, LogEntry entry) {
        this.entry = entry;
        this.cursor = new Cursor(epoch, entry.seq());
    }

    LogEntry entry() {
        return entry;
    }

    /**
     * Returns the bytes to send, which must not be changed.
     *
     * @param leaves whether to encode it as a withdrawal, since the article left the subscriber's feed
     */
    byte[] encoded(StreamFormat format, boolean leaves) {
        return format instanceof Format own ? stored(own, leaves) : format.event(cursor, entry, leaves);
    }

    // The lock is held for one encoding, which the other event loops would otherwise repeat.
    private synchronized byte[] stored(Format format, boolean leaves) {
        return (leaves ? leaving : staying).computeIfAbsent(format, absent -> absent.event(cursor, entry, leaves));
    }

    /** Returns the approximate memory of the event in bytes, without its encodings. */
    long size() {
        var content = entry.content();
        return 200L + entry.article().length() + (content == null ? 0 : content.length());
    }
}
