package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedEffect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Finds the topics that an event concerns by what it says of its article, not by asking each topic. A feed names at most
 * one tag, one author and one source, so an article with n tags is in at most (n + 1) · 4 feeds. So many look-ups find
 * all of them, regardless of the number of topics.
 */
final class TopicIndex {

    private final Map<Topic.Key, Topic> topics = new HashMap<>();
    private final Map<Feed, List<Topic>> byFeed = new HashMap<>();

    /** Returns the topic of a key, created if absent. */
    Topic get(Topic.Key key) {
        return topics.computeIfAbsent(key, absent -> {
            var topic = new Topic(absent);
            byFeed.computeIfAbsent(absent.feed(), feed -> new ArrayList<>(1)).add(topic);
            return topic;
        });
    }

    void remove(Topic topic) {
        topics.remove(topic.key(), topic);
        byFeed.computeIfPresent(topic.key().feed(), (feed, ofFeed) -> {
            ofFeed.remove(topic);
            return ofFeed.isEmpty() ? null : ofFeed;
        });
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
        if (byFeed.isEmpty()) {
            return List.of();
        }
        var entry = frame.entry();
        var concerned = new ArrayList<Topic>();
        var candidates = new HashSet<>(Feed.of(entry.now()));
        if (entry.before() != null) {
            candidates.addAll(Feed.of(entry.before()));
        }
        for (var feed : candidates) {
            var topics = byFeed.getOrDefault(feed, List.of());
            var effect = topics.isEmpty() ? FeedEffect.NONE : feed.effect(entry);
            if (effect != FeedEffect.NONE) {
                add(frame, effect == FeedEffect.LEAVES, topics, queue);
                concerned.addAll(topics);
            }
        }
        return concerned;
    }

    private static void add(Frame frame, boolean leaves, List<Topic> topics, Collection<Topic> queue) {
        for (var topic : topics) {
            if (!topic.hasEvents()) {
                queue.add(topic);
            }
            topic.add(frame, leaves);
        }
    }
}
