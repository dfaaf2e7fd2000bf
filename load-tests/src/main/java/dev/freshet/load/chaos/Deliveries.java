package dev.freshet.load.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The events that a target received. One that arrives again is recognised as the documentation says: its seq is not above
 * the last one of its article, within an epoch. Safe for use by any thread.
 */
final class Deliveries {

    private final List<Received> received = new ArrayList<>();
    private final Map<String, Long> reached = new HashMap<>();
    private final Map<String, Received.Reset> resets = new HashMap<>();
    private int repeated;

    /** Adds a CloudEvent. */
    synchronized void add(JsonNode event) {
        var type = event.path("type").asString();
        if (type.equals("reset")) {
            add(new Received.Reset(
                    position(event), event.path("data").path("reason").asString()));
        } else {
            add(new Received.Change(position(event), type, event.path("subject").asString()));
        }
    }

    /** A reset that arrives again names the same place or a later one, from which the target reads the feed again. */
    private void add(Received.Reset reset) {
        var former = resets.put(reset.at().epoch(), reset);
        if (former != null) {
            received.remove(former);
            repeated++;
        }
        received.add(reset);
    }

    private void add(Received.Change change) {
        var at = change.at();
        var article = at.epoch() + " " + change.article();
        if (at.seq() <= reached.getOrDefault(article, 0L)) {
            repeated++;
        } else {
            reached.put(article, at.seq());
            received.add(change);
        }
    }

    /** Returns the position of a CloudEvent. */
    static Position position(JsonNode event) {
        return Position.parse(
                event.path("type").asString().equals("reset")
                        ? event.path("data").path("cursor").asString()
                        : event.path("id").asString());
    }

    /** Returns the events in the order of their arrival, without those that arrived again. */
    synchronized List<Received> received() {
        return new ArrayList<>(received);
    }

    /** Returns the number of events that arrived again. */
    synchronized int repeated() {
        return repeated;
    }
}
