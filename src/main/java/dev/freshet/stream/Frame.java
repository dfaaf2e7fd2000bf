package dev.freshet.stream;

import dev.freshet.feed.SurrogateKeys;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.EventType;
import dev.freshet.log.feedlog.LogEntry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event of the log and its encodings, each made once, when the first subscriber needs it. */
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
    // The lock is held for one encoding, which the other event loops would otherwise repeat.
    synchronized byte[] encoded(Format format, boolean leaves) {
        return leaves
                ? leaving.computeIfAbsent(format, this::encodeLeaving)
                : staying.computeIfAbsent(format, this::encode);
    }

    private byte[] encode(Format format) {
        return format.event(cursor, entry.type(), article(format), keys(format));
    }

    private byte[] encodeLeaving(Format format) {
        return entry.type() == EventType.WITHDRAWN
                ? encode(format)
                : format.event(cursor, EventType.WITHDRAWN, id(), keys(format));
    }

    private String article(Format format) {
        return switch (format.detail()) {
            case SUMMARY -> entry.article();
            case FULL -> entry.wholeArticle();
            case KEYS -> id();
        };
    }

    private String id() {
        return "{\"id\":\"" + entry.articleId() + "\"}";
    }

    private @Nullable List<String> keys(Format format) {
        return format.detail() == Format.Detail.KEYS ? SurrogateKeys.of(entry) : null;
    }

    /** Returns the approximate memory of the event in bytes, without its encodings. */
    long size() {
        var content = entry.content();
        return 200L + entry.article().length() + (content == null ? 0 : content.length());
    }
}
