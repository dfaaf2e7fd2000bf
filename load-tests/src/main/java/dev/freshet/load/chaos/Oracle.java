package dev.freshet.load.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes from the feed log the notices that each reader must have received, and reports every difference.
 *
 * @param log all rows, in the order of their seq
 * @param histories the epochs of the log, oldest first
 */
record Oracle(List<LogRow> log, List<String> histories) {

    private static final int SHOWN = 5;

    /**
     * The notices that a reader received.
     *
     * @param start the position where it began; its epoch is null where the reader asked for the earliest event
     */
    record Account(String reader, Feed feed, @Nullable String startEpoch, long start, List<Received> received) {}

    /** The changes that a publisher got acknowledged, in the order of the responses. */
    record Acknowledged(String publisher, List<Change> changes) {

        record Change(String type, String article) {}
    }

    /** Checks that the log numbers its events without a gap. */
    List<String> gaps() {
        var differences = new Differences("the feed log");
        var last = 0L;
        for (var event : log) {
            if (event.seq() != last + 1) {
                differences.add("has " + event.seq() + " after " + last);
            }
            last = event.seq();
        }
        return differences.list();
    }

    /**
     * Checks that each acknowledged change is in the log exactly once, in the order of the responses, and nothing else
     * is.
     */
    List<String> unpublished(List<Acknowledged> publishers) {
        var differences = new ArrayList<String>();
        var owners = new HashMap<String, String>();
        for (var acknowledged : publishers) {
            acknowledged.changes().forEach(change -> owners.put(change.article(), acknowledged.publisher()));
        }
        var logged = new TreeMap<String, List<Acknowledged.Change>>();
        var strangers = new Differences("the feed log");
        for (var event : log) {
            var owner = owners.get(event.article());
            if (owner == null) {
                strangers.add("has at " + event.seq() + " the article " + event.article()
                        + " that no publisher got acknowledged");
            } else {
                logged.computeIfAbsent(owner, name -> new ArrayList<>())
                        .add(new Acknowledged.Change(event.type(), event.article()));
            }
        }
        differences.addAll(strangers.list());
        for (var acknowledged : publishers) {
            var found = logged.getOrDefault(acknowledged.publisher(), List.of());
            if (!found.equals(acknowledged.changes())) {
                var same = 0;
                while (same < Math.min(found.size(), acknowledged.changes().size())
                        && found.get(same).equals(acknowledged.changes().get(same))) {
                    same++;
                }
                differences.add(
                        "%s got %d changes acknowledged, the log has %d; first difference at number %d: acknowledged %s, logged %s"
                                .formatted(
                                        acknowledged.publisher(),
                                        acknowledged.changes().size(),
                                        found.size(),
                                        same + 1,
                                        at(acknowledged.changes(), same),
                                        at(found, same)));
            }
        }
        return differences;
    }

    private static String at(List<Acknowledged.Change> changes, int index) {
        return index < changes.size() ? changes.get(index).toString() : "nothing";
    }

    /**
     * Checks that a reader received every event of its feed after its start, once and in order, and resets only with a
     * reason.
     */
    List<String> missing(Account account) {
        var differences = new Differences(account.reader() + " (" + account.feed() + " after " + account.start() + ")");
        var epoch = account.startEpoch();
        var position = account.start();
        for (var received : account.received()) {
            var at = received.at();
            switch (received) {
                case Received.Change change -> {
                    if (at.seq() <= position) {
                        differences.add("got " + at + " after " + position);
                        continue;
                    }
                    if (epoch == null ? !histories.contains(at.epoch()) : !epoch.equals(at.epoch())) {
                        differences.add("got " + at + " of another history than " + epoch);
                    }
                    missing(account.feed(), position, at.seq() - 1, differences);
                    wrong(account.feed(), change, differences);
                }
                case Received.Reset reset -> {
                    if (!isJustified(reset, epoch) || at.seq() < position) {
                        differences.add("was reset from " + epoch + "-" + position + " to " + at + " (" + reset.reason()
                                + ") without need");
                    }
                }
            }
            epoch = at.epoch();
            position = at.seq();
        }
        missing(account.feed(), position, log.size(), differences);
        return differences.list();
    }

    /** Returns events in the order of the log, for a target in which only those of one article are in order. */
    List<Received> ordered(List<Received> received) {
        return received.stream()
                .sorted(Comparator.comparing(
                                (Received event) -> histories.indexOf(event.at().epoch()))
                        .thenComparing(event -> event.at().seq())
                        .thenComparing(event -> event instanceof Received.Change))
                .toList();
    }

    private void missing(Feed feed, long after, long to, Differences differences) {
        for (var seq = after + 1; seq <= Math.min(to, log.size()); seq++) {
            if (feed.typeOf(row(seq)) != null) {
                differences.add("missed " + seq);
            }
        }
    }

    private void wrong(Feed feed, Received.Change change, Differences differences) {
        var seq = change.at().seq();
        if (seq < 1 || seq > log.size()) {
            differences.add("got " + seq + ", which is not in the log");
            return;
        }
        var row = row(seq);
        var type = feed.typeOf(row);
        if (type == null) {
            differences.add("got " + seq + ", which is not of its feed");
        } else if (!type.equals(change.type()) || !row.article().equals(change.article())) {
            differences.add("got at " + seq + " " + change.type() + " of " + change.article() + " instead of " + type
                    + " of " + row.article());
        }
    }

    /** A newer epoch is the only reason: nothing is pruned here, and no epoch ends. */
    private boolean isJustified(Received.Reset reset, @Nullable String epoch) {
        var old = epoch == null ? 0 : histories.indexOf(epoch);
        return reset.reason().equals("unknown-history")
                && histories.indexOf(reset.at().epoch()) > old;
    }

    /** The log was checked for gaps before, so the index gives the seq. */
    private LogRow row(long seq) {
        return log.get(Math.toIntExact(seq - 1));
    }

    /** Returns the last seq of a feed, or 0. */
    long last(Feed feed) {
        for (var seq = (long) log.size(); seq > 0; seq--) {
            if (feed.typeOf(row(seq)) != null) {
                return seq;
            }
        }
        return 0;
    }

    /** Keeps the first differences and counts the rest. */
    private static final class Differences {

        private final String whose;
        private final List<String> first = new ArrayList<>();
        private int count;

        Differences(String whose) {
            this.whose = whose;
        }

        void add(String difference) {
            if (count++ < SHOWN) {
                first.add(whose + " " + difference);
            }
        }

        List<String> list() {
            if (count > SHOWN) {
                first.add(whose + " differs " + (count - SHOWN) + " times more");
            }
            return first;
        }
    }
}
