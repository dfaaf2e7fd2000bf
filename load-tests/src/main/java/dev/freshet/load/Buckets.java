package dev.freshet.load;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A histogram in the form of Prometheus.
 *
 * @param counts the number of values up to each bound, in seconds; the greatest bound is infinite
 */
public record Buckets(SortedMap<Double, Double> counts) {

    public Buckets() {
        this(new TreeMap<>());
    }

    /** Returns an upper bound of a line's {@code le}. */
    public static double bound(String le) {
        return le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
    }

    /** Adds a count, since a metric has a histogram for each set of labels. */
    public void add(double bound, double count) {
        counts.merge(bound, count, Double::sum);
    }

    /** Returns the values since an earlier sample. */
    public Buckets since(Buckets earlier) {
        var since = new TreeMap<Double, Double>();
        counts.forEach((bound, count) -> since.put(bound, count - earlier.counts.getOrDefault(bound, 0.0)));
        return new Buckets(since);
    }

    /** Returns the upper bound of the bucket that contains a percentile, in milliseconds; empty without values. */
    public OptionalDouble percentile(double percentile) {
        if (counts.isEmpty() || counts.lastEntry().getValue() <= 0) {
            return OptionalDouble.empty();
        }
        var rank = counts.lastEntry().getValue() * percentile / 100;
        return counts.entrySet().stream()
                .filter(bucket -> bucket.getValue() >= rank)
                .mapToDouble(Map.Entry::getKey)
                .map(bound -> bound * 1000)
                .findFirst();
    }
}
