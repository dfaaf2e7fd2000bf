package dev.freshet.load.guard;

import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records who published and who received each event. Finds the events that a subscriber lost, got twice or got out of
 * order, by number and cursor.
 */
public final class Ledger {

    // In the title of each article. In a stream the title is JSON, whose quotes SSE clients may escape again.
    private static final Pattern EVENT = Pattern.compile("Event (\\d{7}) of (\\w+)");
    private static final Pattern CURSOR = Pattern.compile("\\\\?\"cursor\\\\?\":\\\\?\"([0-9a-f]+)-(\\d+)\\\\?\"");
    private static final Pattern RESET = Pattern.compile("\\\\?\"type\\\\?\":\\\\?\"reset\\\\?\"");
    private static final int ACKNOWLEDGED = 1;
    private static final int UNKNOWN = 2;

    private final String run;
    private final Measured measured;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLongArray starts;
    private final AtomicIntegerArray answers;
    private final AtomicLongArray seqs;
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();

    /** @param most the maximum number of events */
    public Ledger(String run, int most, Measured measured) {
        this.run = run;
        this.measured = measured;
        this.starts = new AtomicLongArray(most);
        this.answers = new AtomicIntegerArray(most);
        this.seqs = new AtomicLongArray(most);
    }

    /** Records the publication of an event and returns its number. */
    public int publish() {
        var number = next.getAndIncrement();
        starts.set(number, System.nanoTime());
        return number;
    }

    public String title(int number) {
        return "Event %07d of %s".formatted(number, run);
    }

    /** Records the response: an event without acknowledgement may or may not arrive. */
    public void answered(int number, boolean ok) {
        answers.set(number, ok ? ACKNOWLEDGED : UNKNOWN);
    }

    /** Adds a reader that is present before the first event and stays until after the last. */
    public Subscriber subscribe() {
        return subscribe("", -1, true);
    }

    /** Adds a reader that comes with the cursor of a page and leaves at any time. */
    public Subscriber visit(String cursor) {
        return subscribe(cursor, Long.parseLong(cursor.substring(cursor.indexOf('-') + 1)), false);
    }

    private Subscriber subscribe(String cursor, long after, boolean stays) {
        var subscriber = new Subscriber(cursor, after, stays);
        subscribers.add(subscriber);
        return subscriber;
    }

    /** Returns whether every subscriber has every acknowledged event. */
    public boolean isComplete() {
        var expected = acknowledged();
        return subscribers.stream().allMatch(subscriber -> subscriber.missing(expected) == 0)
                && expected.cardinality() + unknown() >= next.get();
    }

    private BitSet acknowledged() {
        return answered(ACKNOWLEDGED);
    }

    private int unknown() {
        return answered(UNKNOWN).cardinality();
    }

    private BitSet answered(int as) {
        var found = new BitSet();
        for (var i = 0; i < Math.min(next.get(), answers.length()); i++) {
            found.set(i, answers.get(i) == as);
        }
        return found;
    }

    /** Adds the findings to the figures of an operation. */
    public void finish(String operation) {
        var expected = acknowledged();
        measured.figure(operation, "published", expected.cardinality());
        measured.figure(operation, "subscribers", subscribers.size());
        measured.figure(operation, "received", sum(subscriber -> subscriber.received.cardinality()));
        measured.figure(operation, "lost", sum(subscriber -> subscriber.missing(expected)));
        measured.figure(operation, "doubled", sum(subscriber -> subscriber.doubled));
        measured.figure(operation, "reordered", sum(subscriber -> subscriber.reordered));
        measured.figure(operation, "resets", sum(subscriber -> subscriber.resets));
    }

    private double sum(ToIntFunction<Subscriber> count) {
        return subscribers.stream().mapToInt(count).sum();
    }

    /** One reader, over all of its connections. Use each by one thread at a time. */
    public final class Subscriber {

        private final BitSet received = new BitSet();
        private volatile String cursor;
        private final long after;
        private final boolean stays;
        private long seq;
        private int doubled;
        private int reordered;
        private int resets;

        private Subscriber(String cursor, long after, boolean stays) {
            this.cursor = cursor;
            this.after = after;
            this.stays = stays;
            this.seq = after;
        }

        /**
         * Accepts an event in any framing; ignores events that do not belong to this run.
         *
         * @param operation the operation under which the time since the publication is recorded
         * @param atNanos the time of arrival, as of {@link System#nanoTime}
         */
        public synchronized void receive(String operation, CharSequence text, long atNanos) {
            var position = CURSOR.matcher(text);
            if (!position.find()) {
                return;
            }
            var now = Long.parseLong(position.group(2));
            if (RESET.matcher(text).find()) {
                resets++;
            }
            var event = EVENT.matcher(text);
            if (event.find() && event.group(2).equals(run)) {
                take(operation, event, now, atNanos);
            }
            cursor = position.group(1) + "-" + now;
            seq = now;
        }

        private void take(String operation, Matcher event, long now, long atNanos) {
            var number = Integer.parseInt(event.group(1));
            if (received.get(number)) {
                doubled++;
            } else if (now <= seq) {
                reordered++;
            }
            received.set(number);
            seqs.set(number, now);
            measured.record(operation, starts.get(number), atNanos, true);
        }

        private synchronized int missing(BitSet expected) {
            var missing = (BitSet) expected.clone();
            missing.andNot(received);
            if (!stays) {
                // Events before its arrival or after its departure are not its own.
                for (var i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
                    missing.set(i, seqs.get(i) > after && seqs.get(i) <= seq);
                }
            }
            return missing.cardinality();
        }

        /** Returns its position: the last event, or before that its page; empty without either. */
        public String cursor() {
            return cursor;
        }
    }
}
