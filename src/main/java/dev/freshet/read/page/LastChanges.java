package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.feed.Languages;
import dev.freshet.log.feedlog.CommitListener;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.Facets;
import dev.freshet.log.feedlog.LogEntry;
import dev.freshet.log.tail.TailListener;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The position of the last event that matched each feed, as far as this instance has followed or written the log.
 * Bounded: a forgotten feed counts as changed by the last event that was forgotten. The publication times of the last
 * {@value #RECENT} new articles are known too, since they change no page of another period.
 *
 * <p>Events arrive here before any other component sees them. So a reader of a stream of this instance never gets an
 * older page here, and a publisher gets a page with its article. Safe for use by any thread.
 */
final class LastChanges implements CommitListener, TailListener {

    // The mean over all feeds. A name may have 500 characters, and articles can have several such tags.
    private static final int CHARACTERS_PER_FEED = 100;
    // A power of two. A stream that continues a page begins with the events since the read, so there must not be many.
    private static final int RECENT = 512;

    private static final JsonFactory JSON = new JsonFactory();

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
            entries.forEach(now::note);
        }
    }

    /**
     * Returns whether a page of a feed, read at a position, is valid and does not precede a floor.
     *
     * @param readAt the position of the read
     * @param period the publication times of articles that the page depends on
     * @param floor a position that a client has seen; one of another epoch has no effect
     */
    boolean isCurrent(Feed feed, Cursor readAt, PublicationPeriod period, @Nullable Cursor floor) {
        var now = history;
        // The floor is checked first: an event is recorded before the position passes it.
        return now != null && (floor == null || now.reaches(readAt, floor)) && now.isUnchanged(feed, readAt, period);
    }

    /** Returns whether a valid page read at a position does not precede a floor. */
    boolean reachesFloor(Cursor readAt, @Nullable Cursor floor) {
        var now = history;
        return floor == null || now == null || now.reaches(readAt, floor);
    }

    /** Returns the time of publication of an article in JSON; null for a withdrawn one. */
    static @Nullable Instant publishedAt(String article) {
        try (var parser = JSON.createParser(ObjectReadContext.empty(), article)) {
            parser.nextToken();
            while (parser.nextName() != null) {
                var isTime = parser.currentName().equals("publishedAt");
                var value = parser.nextToken();
                if (isTime) {
                    return value == JsonToken.VALUE_STRING ? Instant.parse(parser.getString()) : null;
                }
                parser.skipChildren();
            }
            return null;
        }
    }

    /** An article that was new to readers at a position. */
    private record NewArticle(long seq, Instant publishedAt) {}

    /**
     * The last changes of a feed.
     *
     * @param seq the last of all
     * @param ofAnyPeriod the last that may concern pages of any period
     */
    private record Change(long seq, long ofAnyPeriod) {}

    /** The changes of one epoch. */
    private static final class History {

        private final long epoch;
        private final int feeds;
        private final long maxCharacters;
        private final Map<Feed, Change> last = new ConcurrentHashMap<>();
        // The same changes, oldest first. Guarded by this.
        private final LinkedHashMap<Feed, Long> order = new LinkedHashMap<>();
        // New articles by the lowest bits of their positions.
        private final AtomicReferenceArray<@Nullable NewArticle> recent = new AtomicReferenceArray<>(RECENT);
        // The greatest of these positions.
        private volatile long newest;
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
            this.newest = start.seq();
        }

        /** Records an entry of the tail, which has all entries in order. */
        void record(LogEntry entry) {
            note(entry);
            position = entry.seq();
        }

        /** Records an entry, perhaps before earlier ones. */
        synchronized void note(LogEntry entry) {
            var seq = entry.seq();
            if (seq <= recorded) {
                return;
            }
            if (seq == recorded + 1) {
                recorded = seq;
            }
            var before = entry.before();
            // Pages of any period may have had an article that readers knew.
            var time = before == null ? publishedAt(entry.article()) : null;
            if (time != null) {
                // In this order: a thread that finds a later article in a place finds its position too.
                newest = Math.max(newest, seq);
                if (seq > newest - RECENT) {
                    recent.set(place(seq), new NewArticle(seq, time));
                }
            }
            record(seq, entry.now(), time != null);
            if (before != null) {
                record(seq, before, false);
            }
            forget();
        }

        private static int place(long seq) {
            return (int) (seq & (RECENT - 1));
        }

        private void forget() {
            while (order.size() > feeds || characters > maxCharacters) {
                var oldest = order.pollFirstEntry();
                characters -= characters(oldest.getKey());
                // In this order: a thread that no longer finds the feed finds the horizon beyond its change.
                horizon = Math.max(horizon, oldest.getValue());
                last.remove(oldest.getKey());
            }
        }

        private void record(long seq, Facets facets, boolean isNew) {
            Feed.of(facets).forEach(feed -> record(seq, feed, isNew));
            var language = facets.language();
            if (language == null) {
                unknownLanguage = Math.max(unknownLanguage, seq);
            } else {
                record(
                        seq,
                        ofLanguages(new Languages(List.of(language), List.of())).getFirst(),
                        isNew);
            }
        }

        private void record(long seq, Feed feed, boolean isNew) {
            var known = last.get(feed);
            var ofAnyPeriod = Math.max(known == null ? horizon : known.ofAnyPeriod(), isNew ? 0 : seq);
            last.put(feed, new Change(known == null ? seq : Math.max(known.seq(), seq), ofAnyPeriod));
            if (known == null) {
                characters += characters(feed);
            }
            if (known == null || known.seq() < seq) {
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

        boolean isUnchanged(Feed feed, Cursor readAt, PublicationPeriod period) {
            if (readAt.epoch() != epoch) {
                return false;
            }
            // An event that matches a search or exclusions matches the feed of the names. One that matches languages
            // matches their feeds too.
            return areUnchanged(feed.parts(), readAt.seq(), period)
                    || isUnchanged(feed.languages(), readAt.seq(), period);
        }

        private boolean isUnchanged(Languages languages, long readAt, PublicationPeriod period) {
            return !languages.any().isEmpty()
                    && readAt >= unknownLanguage
                    && areUnchanged(ofLanguages(languages), readAt, period);
        }

        private boolean areUnchanged(List<Feed> recordedFeeds, long readAt, PublicationPeriod period) {
            for (var feed : recordedFeeds) {
                var change = last.get(feed);
                if (readAt < (change == null ? horizon : change.seq())
                        && (change == null || readAt < change.ofAnyPeriod() || hasNew(period, readAt))) {
                    return false;
                }
            }
            return true;
        }

        /** Returns whether an article of a period may be new after a position. */
        private boolean hasNew(PublicationPeriod period, long after) {
            if (period.equals(PublicationPeriod.ALL)) {
                return true;
            }
            var until = newest;
            if (until - after > RECENT) {
                return true;
            }
            for (var seq = after + 1; seq <= until; seq++) {
                var article = recent.get(place(seq));
                if (article != null && article.seq() == seq && period.contains(article.publishedAt())) {
                    return true;
                }
            }
            // Places may have been reused meanwhile.
            return newest - after > RECENT;
        }

        boolean reaches(Cursor readAt, Cursor floor) {
            return floor.epoch() != epoch || readAt.seq() >= floor.seq() || position >= floor.seq();
        }
    }
}
