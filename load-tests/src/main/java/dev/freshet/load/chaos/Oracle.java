package dev.freshet.load.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows from the feed log what everybody must have heard, and tells every difference.
 *
 * @param log all rows, in the order of their seq
 * @param histories the epochs of the log, oldest first
 */
record Oracle(List<Logged> log, List<String> histories) {

    private static final int SHOWN = 5;

    /**
     * What a reader heard.
     *
     * @param start where it began; its epoch is null where it asked for the earliest
     */
    record Account(String reader, Feed feed, @Nullable String startEpoch, long start, List<Heard> heard) {}

    /** What a publisher was told: the changes of its articles, in the order in which they were answered. */
    record Told(String publisher, List<Change> changes) {

        record Change(String type, String article) {}
    }

    /** Whether the log numbers its events without a gap. */
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

    /** Whether each change that was answered is in the log once, in the order of the answers, and nothing else. */
    List<String> unpublished(List<Told> publishers) {
        var differences = new ArrayList<String>();
        var owners = new HashMap<String, String>();
        for (var told : publishers) {
            told.changes().forEach(change -> owners.put(change.article(), told.publisher()));
        }
        var logged = new TreeMap<String, List<Told.Change>>();
        var strangers = new Differences("the feed log");
        for (var event : log) {
            var owner = owners.get(event.article());
            if (owner == null) {
                strangers.add("has at " + event.seq() + " the article " + event.article() + " that nobody was told of");
            } else {
                logged.computeIfAbsent(owner, name -> new ArrayList<>())
                        .add(new Told.Change(event.type(), event.article()));
            }
        }
        differences.addAll(strangers.list());
        for (var told : publishers) {
            var found = logged.getOrDefault(told.publisher(), List.of());
            if (!found.equals(told.changes())) {
                var same = 0;
                while (same < Math.min(found.size(), told.changes().size())
                        && found.get(same).equals(told.changes().get(same))) {
                    same++;
                }
                differences.add(
                        "%s was told of %d changes, the log has %d; first difference at its %d.: told %s, logged %s"
                                .formatted(
                                        told.publisher(),
                                        told.changes().size(),
                                        found.size(),
                                        same + 1,
                                        at(told.changes(), same),
                                        at(found, same)));
            }
        }
        return differences;
    }

    private static String at(List<Told.Change> changes, int index) {
        return index < changes.size() ? changes.get(index).toString() : "nothing";
    }

    /** Whether a reader heard every event of its feed after its start, once and in order, and resets only with reason. */
    List<String> unheard(Account account) {
        var differences = new Differences(account.reader() + " (" + account.feed() + " after " + account.start() + ")");
        var epoch = account.startEpoch();
        var position = account.start();
        for (var heard : account.heard()) {
            var at = heard.at();
            switch (heard) {
                case Heard.Change change -> {
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
                case Heard.Reset reset -> {
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

    private void missing(Feed feed, long after, long to, Differences differences) {
        for (var seq = after + 1; seq <= Math.min(to, log.size()); seq++) {
            if (feed.typeOf(row(seq)) != null) {
                differences.add("missed " + seq);
            }
        }
    }

    private void wrong(Feed feed, Heard.Change change, Differences differences) {
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
            differences.add("got at " + seq + " " + change.type() + " of " + change.article() + " in the place of "
                    + type + " of " + row.article());
        }
    }

    /** Only a newer history is a reason: nothing is pruned here, and no history ends. */
    private boolean isJustified(Heard.Reset reset, @Nullable String epoch) {
        var old = epoch == null ? 0 : histories.indexOf(epoch);
        return reset.reason().equals("unknown-history")
                && histories.indexOf(reset.at().epoch()) > old;
    }

    /** The log was checked for gaps before, so the place tells the seq. */
    private Logged row(long seq) {
        return log.get(Math.toIntExact(seq - 1));
    }

    /** The last event of a feed, or 0. */
    long last(Feed feed) {
        for (var seq = (long) log.size(); seq > 0; seq--) {
            if (feed.typeOf(row(seq)) != null) {
                return seq;
            }
        }
        return 0;
    }

    /** Keeps the first ones and counts the rest. */
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
