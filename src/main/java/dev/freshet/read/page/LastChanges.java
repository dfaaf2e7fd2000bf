package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.feed.Languages;
import dev.freshet.log.feedlog.CommitListener;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.log.tail.TailListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The position of the last event that matched each feed, as far as this instance has followed or written the log.
 * Bounded: a forgotten feed counts as changed by the last event that was forgotten.
 *
 * <p>Events arrive here before any other component sees them. So a reader of a stream of this instance never gets an
 * older page here, and a publisher gets a page with its article. Safe for use by any thread.
 */
final class LastChanges implements CommitListener, TailListener {

    // The mean over all feeds. A name may have 500 characters, and articles can have several such tags.
    private static final int CHARACTERS_PER_FEED = 100;

    private final int feeds;
    private volatile @Nullable History history;

    /** @param feeds number of feeds whose last change is known, from 1; fewer if their names have many characters */
    LastChanges(int feeds) {
        this.feeds = feeds;
    }

    @Override
    public int getOrder() {
        return INVALIDATION;
    }

    @Override
    public void begin(Cursor position) {
        history = new History(position, feeds);
    }

    @Override
    public void entries(List<LogEntry> entries) {
        var now = history;
        if (now != null) {
            entries.forEach(now::record);
        }
    }

    /** Forgets all changes: every page read before the position is outdated. */
    @Override
    public void reset(Cursor position) {
        begin(position);
    }

    @Override
    public void committed(long epoch, List<LogEntry> entries) {
        var now = history;
        if (now != null && now.epoch == epoch) {
            entries.forEach(entry -> now.record(entry.seq(), entry.now(), entry.before()));
        }
    }

    /**
     * Returns whether a page of a feed, read at a position, is valid and does not precede a floor.
     *
     * @param readAt the position of the read
     * @param floor a position that a client has seen; one of another epoch has no effect
     */
    boolean isCurrent(Feed feed, Cursor readAt, @Nullable Cursor floor) {
        var now = history;
        // The floor is checked first: an event is recorded before the position passes it.
        return now != null && (floor == null || now.reaches(readAt, floor)) && now.isUnchanged(feed, readAt);
    }

    /** Returns whether a valid page read at a position does not precede a floor. */
    boolean reachesFloor(Cursor readAt, @Nullable Cursor floor) {
        var now = history;
        return floor == null || now == null || now.reaches(readAt, floor);
    }

    /** The changes of one epoch. */
    private static final class History {

        private final long epoch;
        private final int feeds;
        private final long maxCharacters;
        private final Map<Feed, Long> last = new ConcurrentHashMap<>();
        // The same changes, oldest first. Guarded by this.
        private final LinkedHashMap<Feed, Long> order = new LinkedHashMap<>();
        // The number of characters in them. Guarded by this.
        private long characters;
        // An unknown feed did not change after this position.
        private volatile long horizon;
        // All entries up to here are recorded. Guarded by this.
        private long recorded;
        // The last event of an article whose language is unknown, which concerns all languages.
        private volatile long unknownLanguage;
        private volatile long position;

        History(Cursor start, int feeds) {
            this.epoch = start.epoch();
            this.feeds = feeds;
            this.maxCharacters = (long) feeds * CHARACTERS_PER_FEED;
            this.horizon = start.seq();
            this.position = start.seq();
            this.recorded = start.seq();
        }

        void record(LogEntry entry) {
            record(entry.seq(), entry.now(), entry.before());
            position = entry.seq();
        }

        synchronized void record(long seq, Facets now, @Nullable Facets before) {
            if (seq <= recorded) {
                return;
            }
            if (seq == recorded + 1) {
                recorded = seq;
            }
            record(seq, now);
            if (before != null) {
                record(seq, before);
            }
            while (order.size() > feeds || characters > maxCharacters) {
                var oldest = order.pollFirstEntry();
                characters -= characters(oldest.getKey());
                // In this order: a thread that no longer finds the feed finds the horizon beyond its change.
                horizon = Math.max(horizon, oldest.getValue());
                last.remove(oldest.getKey());
            }
        }

        private void record(long seq, Facets facets) {
            Feed.of(facets).forEach(feed -> record(seq, feed));
            var language = facets.language();
            if (language == null) {
                unknownLanguage = Math.max(unknownLanguage, seq);
            } else {
                record(
                        seq,
                        ofLanguages(new Languages(List.of(language), List.of())).getFirst());
            }
        }

        private void record(long seq, Feed feed) {
            if (last.getOrDefault(feed, 0L) < seq) {
                if (last.put(feed, seq) == null) {
                    characters += characters(feed);
                }
                order.putLast(feed, seq);
            }
        }

        /** Returns the feeds of the first subtags of languages, which contain all articles of these languages. */
        private static List<Feed> ofLanguages(Languages languages) {
            return languages.primary().stream()
                    .map(language -> Feed.ALL.in(new Languages(List.of(language), List.of())))
                    .toList();
        }

        private static long characters(Feed feed) {
            return Stream.of(feed.tags(), feed.authors(), feed.sources())
                    .flatMap(List::stream)
                    .mapToLong(String::length)
                    .sum();
        }

        boolean isUnchanged(Feed feed, Cursor readAt) {
            if (readAt.epoch() != epoch) {
                return false;
            }
            // An event that matches a search or exclusions matches the feed of the names. One that matches languages
            // matches their feeds too.
            return areUnchanged(feed.parts(), readAt) || isUnchanged(feed.languages(), readAt);
        }

        private boolean isUnchanged(Languages languages, Cursor readAt) {
            return !languages.any().isEmpty()
                    && readAt.seq() >= unknownLanguage
                    && areUnchanged(ofLanguages(languages), readAt);
        }

        private boolean areUnchanged(List<Feed> recorded, Cursor readAt) {
            for (var feed : recorded) {
                var changed = last.get(feed);
                if (readAt.seq() < (changed == null ? horizon : changed)) {
                    return false;
                }
            }
            return true;
        }

        boolean reaches(Cursor readAt, Cursor floor) {
            return floor.epoch() != epoch || readAt.seq() >= floor.seq() || position >= floor.seq();
        }
    }
}
