package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedEffect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Finds the topics that an event concerns by what it says of its article, not by asking each topic. An article with n
 * tags is in (n + 1) · 4 feeds with at most one tag, one author and one source. A topic is filed under each such part of
 * its feed. So many look-ups find all topics, regardless of their number.
 */
final class TopicIndex {

    private final Map<Topic.Key, Topic> topics = new HashMap<>();
    // By the parts of their feeds.
    private final Map<Feed, List<Topic>> byPart = new HashMap<>();

    /** Returns the topic of a key, created if absent. */
    Topic get(Topic.Key key) {
        return topics.computeIfAbsent(key, absent -> {
            var topic = new Topic(absent);
            for (var part : absent.feed().parts()) {
                byPart.computeIfAbsent(part, feed -> new ArrayList<>(1)).add(topic);
            }
            return topic;
        });
    }

    void remove(Topic topic) {
        topics.remove(topic.key(), topic);
        for (var part : topic.key().feed().parts()) {
            byPart.computeIfPresent(part, (feed, ofPart) -> {
                ofPart.remove(topic);
                return ofPart.isEmpty() ? null : ofPart;
            });
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
        if (byPart.isEmpty()) {
            return List.of();
        }
        var entry = frame.entry();
        var candidates = new HashSet<>(Feed.of(entry.now()));
        if (entry.before() != null) {
            candidates.addAll(Feed.of(entry.before()));
        }
        // An event that matches several parts of a feed is delivered once.
        var concerned = new LinkedHashSet<Topic>();
        for (var part : candidates) {
            concerned.addAll(byPart.getOrDefault(part, List.of()));
        }
        for (var topic : concerned) {
            if (!topic.hasEvents()) {
                queue.add(topic);
            }
            topic.add(frame, topic.key().feed().effect(entry) == FeedEffect.LEAVES);
        }
        return List.copyOf(concerned);
    }
}
