package dev.freshet.load.streams;

import dev.freshet.load.Buckets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Optional;

/** A server that is compared. */
public interface Peer {

    String name();

    /** Returns its version and start command. */
    String description();

    /** Returns the processes that serve subscribers, whose time and memory are compared. */
    List<Long> processes();

    /** Returns its companions: the processes that store its data and accept its events, if it has any. */
    default List<Long> others() {
        return List.of();
    }

    /** Returns the address for subscribers. */
    InetSocketAddress address();

    /** Returns the path of a topic's stream. */
    String path(String topic);

    /** Returns the path of a topic's stream for one of several subscribers, whose requests may differ. */
    default String path(String topic, int subscriber) {
        return path(topic);
    }

    /** Returns the request that publishes an event with a marker. */
    HttpRequest publish(String topic, String marker);

    /** Returns the request that publishes many events at once, where the peer has one. */
    default Optional<HttpRequest> publishAll(String topic, List<String> markers) {
        return Optional.empty();
    }

    /** Returns whether it has topics without further configuration. */
    default boolean hasTopics() {
        return true;
    }

    /** Restarts the server with empty memory, on its present cores. */
    default void restart() throws IOException, InterruptedException {
        throw new UnsupportedOperationException(name() + " can't be started again");
    }

    /** Releases unused memory, where the server can be asked to. */
    default void collectGarbage() throws IOException, InterruptedException {}

    /** Returns its times from an event's commit to its last subscriber, since its start, if it reports them. */
    default Buckets deliveryTimes() throws IOException, InterruptedException {
        return new Buckets();
    }

    /** Returns the number of log pages that it has read for subscribers, if it reports them. */
    default double logReads() throws IOException, InterruptedException {
        return 0;
    }
}
