package dev.freshet.load.streams;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Optional;

/** A server that is compared. */
public interface Peer {

    String name();

    /** The version that runs, and how it was started. */
    String description();

    /** The processes that serve subscribers, whose time and memory are compared. */
    List<Long> processes();

    /** What else works for it: the processes that keep its data and take its events, if it has any. */
    default List<Long> others() {
        return List.of();
    }

    /** Where subscribers connect. */
    InetSocketAddress address();

    /** Where a stream of a topic is asked for. */
    String path(String topic);

    /** The request that publishes an event with a marker. */
    HttpRequest publish(String topic, String marker);

    /** The request that publishes many at once, where the peer has one. */
    default Optional<HttpRequest> publishAll(String topic, List<String> markers) {
        return Optional.empty();
    }

    /** Whether it has topics without further configuration. */
    default boolean hasTopics() {
        return true;
    }

    /** Starts it again, so that it holds nothing of what was before; on the cores on which it is. */
    default void restart() throws IOException, InterruptedException {
        throw new UnsupportedOperationException(name() + " can't be started again");
    }

    /** Gives back the memory that it doesn't use, where it can be asked to. */
    default void collectGarbage() throws IOException, InterruptedException {}

    /** How many pages of its log it has read for subscribers, if it tells. */
    default double logReads() throws IOException, InterruptedException {
        return 0;
    }
}
