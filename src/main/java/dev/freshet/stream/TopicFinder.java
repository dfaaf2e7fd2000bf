package dev.freshet.stream;

import java.util.Collection;

/** Finds the topics that an event may concern without asking each topic. For use by one event loop. */
interface TopicFinder {

    void add(Topic topic);

    void remove(Topic topic);

    /** Returns all topics that the event concerns, and possibly others, once each. */
    Collection<Topic> find(Frame frame);
}
