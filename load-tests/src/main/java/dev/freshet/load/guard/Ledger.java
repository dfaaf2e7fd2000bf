package dev.freshet.load.guard;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Records who published and who received each event. Finds the events that a subscriber lost, got twice or got out of
 * order, by number and cursor. Events are spread over feeds in turn, each with its own tag.
 *
 * <p>A subscriber takes one bit per event of its feed. Receiving an event allocates nothing.
 */
public final class Ledger {

    /** The operation of the time from publishing to receipt. */
    public static final String DELIVERY = "delivery";

    private static final byte[] CURSOR = ascii("\"cursor\":\"");
    private static final byte[] EVENT = ascii("Event ");
    private static final byte[] RESET = ascii("\"type\":\"reset\"");
    private static final byte[] GRAPHQL_RESET = ascii("\"type\":\"RESET\"");
    private static final int DIGITS = 7;
    private static final int ACKNOWLEDGED = 1;
    private static final int UNKNOWN = 2;

    private final String run;
    private final int feeds;
    private final List<byte[]> marks;
    private final Measured measured;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLongArray starts;
    private final AtomicIntegerArray answers;
    private final AtomicLongArray seqs;
    private final Queue<Subscriber> subscribers = new ConcurrentLinkedQueue<>();

    /**
     * @param run a word that identifies the events of this run
     * @param most the maximum number of events
     */
    public Ledger(String run, int feeds, int most, Measured measured) {
        this.run = run;
        this.feeds = feeds;
        this.marks = IntStream.range(0, feeds)
                .mapToObj(feed -> ascii(" of " + tag(feed) + "\""))
                .toList();
        this.measured = measured;
        this.starts = new AtomicLongArray(most);
        this.answers = new AtomicIntegerArray(most);
        this.seqs = new AtomicLongArray(most);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the tag of a feed, from 0 to the number of feeds. */
    public String tag(int feed) {
        return run + "x" + feed;
    }

    /** Records the publication of an event and returns its number. */
    public int publish() {
        var number = next.getAndIncrement();
        starts.set(number, System.nanoTime());
        return number;
    }

    /** Returns the tag with which an event is to be published. */
    public String tagOf(int number) {
        return tag(number % feeds);
    }

    public String title(int number) {
        return "Event %07d of %s".formatted(number, tagOf(number));
    }

    /** Records the response: an event without acknowledgement may or may not arrive. */
    public void answered(int number, boolean ok) {
        answers.set(number, ok ? ACKNOWLEDGED : UNKNOWN);
    }

    /** Adds a reader of a feed that is present before the first event and stays until after the last. */
    public Subscriber subscribe(int feed) {
        return subscribe(feed, "", -1, true);
    }

    /** Adds a reader of the first feed that comes with the cursor of a page and leaves at any time. */
    public Subscriber visit(String cursor) {
        return subscribe(0, cursor, Long.parseLong(cursor.substring(cursor.indexOf('-') + 1)), false);
    }

    private Subscriber subscribe(int feed, String cursor, long after, boolean stays) {
        var subscriber = new Subscriber(feed, cursor, after, stays);
        subscribers.add(subscriber);
        return subscriber;
    }

    /** Returns whether every subscriber has every acknowledged event. */
    public boolean isComplete() {
        var expected = answered(ACKNOWLEDGED);
        return expected.stream().mapToInt(BitSet::cardinality).sum()
                                + answered(UNKNOWN).stream()
                                        .mapToInt(BitSet::cardinality)
                                        .sum()
                        >= next.get()
                && subscribers.stream().allMatch(subscriber -> subscriber.missing(expected.get(subscriber.feed)) == 0);
    }

    /** Returns the events of each feed with this answer, by their position within the feed. */
    private List<BitSet> answered(int as) {
        var found = Stream.generate(BitSet::new).limit(feeds).toList();
        for (var i = 0; i < Math.min(next.get(), answers.length()); i++) {
            if (answers.get(i) == as) {
                found.get(i % feeds).set(i / feeds);
            }
        }
        return found;
    }

    /** Adds the findings to the figures of an operation. */
    public void finish(String operation) {
        var expected = answered(ACKNOWLEDGED);
        measured.figure(
                operation,
                "published",
                expected.stream().mapToInt(BitSet::cardinality).sum());
        measured.figure(operation, "subscribers", subscribers.size());
        measured.figure(operation, "received", sum(subscriber -> subscriber.received.cardinality()));
        measured.figure(operation, "lost", sum(subscriber -> subscriber.missing(expected.get(subscriber.feed))));
        measured.figure(operation, "doubled", sum(subscriber -> subscriber.doubled));
        measured.figure(operation, "reordered", sum(subscriber -> subscriber.reordered));
        measured.figure(operation, "resets", sum(subscriber -> subscriber.resets));
    }

    private double sum(ToIntFunction<Subscriber> count) {
        return subscribers.stream().mapToLong(count::applyAsInt).sum();
    }

    private static int find(ByteBuf bytes, int from, int to, byte[] text) {
        var last = to - text.length + 1;
        // Netty searches backwards if the end is before the begin.
        if (last <= from) {
            return -1;
        }
        for (var at = bytes.indexOf(from, last, text[0]); at >= 0; at = bytes.indexOf(at + 1, last, text[0])) {
            if (isAt(bytes, at, to, text)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isAt(ByteBuf bytes, int at, int to, byte[] text) {
        if (to - at < text.length) {
            return false;
        }
        for (var i = 0; i < text.length; i++) {
            if (bytes.getByte(at + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** One reader, over all of its connections. Use each by one thread at a time. */
    public final class Subscriber {

        private final int feed;
        private final BitSet received = new BitSet();
        private final long after;
        private final boolean stays;
        private String epoch;
        private volatile long seq;
        private int doubled;
        private int reordered;
        private int resets;

        private Subscriber(int feed, String cursor, long after, boolean stays) {
            this.feed = feed;
            this.epoch = cursor.isEmpty() ? "" : cursor.substring(0, cursor.indexOf('-'));
            this.after = after;
            this.stays = stays;
            this.seq = after;
        }

        /** Returns the number of the feed that it follows. */
        public int feed() {
            return feed;
        }

        /**
         * Accepts an event in any framing; ignores events that do not belong to this run.
         *
         * @param operation the operation under which the time since the publication is recorded
         * @param atNanos the time of arrival, as of {@link System#nanoTime}
         */
        public synchronized void receive(String operation, ByteBuf bytes, int from, int to, long atNanos) {
            var cursor = find(bytes, from, to, CURSOR);
            if (cursor < 0) {
                return;
            }
            var dash = bytes.indexOf(cursor + CURSOR.length, to, (byte) '-');
            var quote = bytes.indexOf(dash + 1, to, (byte) '"');
            if (dash < 0 || quote < 0) {
                return;
            }
            if (epoch.isEmpty()) {
                epoch = bytes.toString(
                        cursor + CURSOR.length, dash - cursor - CURSOR.length, StandardCharsets.US_ASCII);
            }
            var now = number(bytes, dash + 1, quote);
            var event = find(bytes, quote, to, EVENT);
            if (event < 0) {
                if (find(bytes, from, to, RESET) >= 0 || find(bytes, from, to, GRAPHQL_RESET) >= 0) {
                    resets++;
                }
            } else if (isAt(bytes, event + EVENT.length + DIGITS, to, marks.get(feed))) {
                take(operation, (int) number(bytes, event + EVENT.length, event + EVENT.length + DIGITS), now, atNanos);
            }
            seq = now;
        }

        private static long number(ByteBuf bytes, int from, int to) {
            var number = 0L;
            for (var at = from; at < to; at++) {
                number = number * 10 + bytes.getByte(at) - '0';
            }
            return number;
        }

        private void take(String operation, int number, long now, long atNanos) {
            var position = number / feeds;
            if (received.get(position)) {
                doubled++;
            } else if (now <= seq) {
                reordered++;
            }
            received.set(position);
            seqs.set(number, now);
            measured.record(operation, starts.get(number), atNanos, true);
        }

        private synchronized int missing(BitSet expected) {
            var missing = (BitSet) expected.clone();
            missing.andNot(received);
            if (!stays) {
                // Events before its arrival or after its departure are not its own.
                for (var i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
                    var of = seqs.get(i * feeds + feed);
                    missing.set(i, of > after && of <= seq);
                }
            }
            return missing.cardinality();
        }

        /** Returns its position: the last event, or before that its page; empty without either. */
        public synchronized String cursor() {
            return epoch.isEmpty() ? "" : epoch + "-" + seq;
        }
    }
}
