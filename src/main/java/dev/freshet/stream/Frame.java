package dev.freshet.stream;

import dev.freshet.feed.EventWords;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.LogEntry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An event of the log and its encodings in each {@link Format}, each made once, when the first subscriber needs it. Other
 * formats store their encodings themselves, since their number is not bounded.
 */
final class Frame {

    private final LogEntry entry;
    private final Cursor cursor;
    private final Map<Format, byte[]> staying = new EnumMap<>(Format.class);
    private final Map<Format, byte[]> leaving = new EnumMap<>(Format.class);

    // Shared with the frame that replaces this one when its article is withdrawn.
    private final AtomicReference<@Nullable EventWords> words;

    Frame(long epoch, LogEntry entry) {
        this(new Cursor(epoch, entry.seq()), entry.withoutWords(), new AtomicReference<>());
    }

    private Frame(Cursor cursor, LogEntry entry, AtomicReference<@Nullable EventWords> words) {
        this.entry = entry;
        this.cursor = cursor;
        this.words = words;
    }

    /** Returns the frame as replay shows it after its article was withdrawn. */
    Frame withoutContent() {
        return new Frame(cursor, entry.withoutContent(), words);
    }

    /** Returns the words that searches test; null unless {@link SearchedRing} has read them. */
    @Nullable
    EventWords words() {
        return words.get();
    }

    void words(@Nullable EventWords read) {
        words.set(read);
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
