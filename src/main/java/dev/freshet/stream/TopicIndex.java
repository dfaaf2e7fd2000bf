package dev.freshet.stream;

import dev.freshet.feed.FeedEffect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The topics of an event loop, by their keys and by the events that concern them. */
final class TopicIndex {

    private final Map<Topic.Key, Topic> topics = new HashMap<>();
    private final TopicFinder finder;

    TopicIndex(TopicFinder finder) {
        this.finder = finder;
    }

    /** Returns the topic of a key, created if absent. */
    Topic get(Topic.Key key) {
        return topics.computeIfAbsent(key, absent -> {
            var topic = new Topic(absent);
            finder.add(topic);
            return topic;
        });
    }

    void remove(Topic topic) {
        if (topics.remove(topic.key(), topic)) {
            finder.remove(topic);
        }
    }

    List<Topic> all() {
        return List.copyOf(topics.values());
    }

    /**
     * Adds an event to each topic whose feed it concerns, and these topics to a queue unless they wait there.
     *
     * @return the topics
     */
    List<Topic> add(Frame frame, Collection<Topic> queue) {
        var concerned = new ArrayList<Topic>();
        for (var topic : finder.find(frame)) {
            var effect = topic.rule().effect(frame.entry(), frame.words());
            if (effect != FeedEffect.NONE) {
                if (!topic.hasEvents()) {
                    queue.add(topic);
                }
                topic.add(frame, effect == FeedEffect.LEAVES);
                concerned.add(topic);
            }
        }
        return concerned;
    }
}
