package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.log.feedlog.EventType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the topics that an event concerns by what it says of its article, not by asking each topic. A feed names at most
 * one tag, one author and one source, so an article with n tags is in at most (n + 1) · 4 feeds, and so many look-ups
 * find all of them, however many topics there are.
 */
final class TopicIndex {

    private final Map<Topic.Key, Topic> topics = new HashMap<>();
    private final Map<Feed, List<Topic>> byFeed = new HashMap<>();

    /** The topic of a key, made if there is none. */
    Topic get(Topic.Key key) {
        return topics.computeIfAbsent(key, absent -> {
            var topic = new Topic(absent);
            byFeed.computeIfAbsent(absent.feed(), feed -> new ArrayList<>(1)).add(topic);
            return topic;
        });
    }

    void remove(Topic topic) {
        topics.remove(topic.key());
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
        var now = entry.type() == EventType.WITHDRAWN ? Set.<Feed>of() : Feed.of(entry.now());
        now.forEach(feed -> add(frame, false, feed, queue, concerned));
        if (entry.before() != null) {
            Feed.of(entry.before()).stream()
                    .filter(feed -> !now.contains(feed))
                    .forEach(feed -> add(frame, true, feed, queue, concerned));
        }
        return concerned;
    }

    private void add(Frame frame, boolean leaves, Feed feed, Collection<Topic> queue, List<Topic> concerned) {
        for (var topic : byFeed.getOrDefault(feed, List.of())) {
            if (!topic.hasEvents()) {
                queue.add(topic);
            }
            topic.add(frame, leaves);
            concerned.add(topic);
        }
    }
}
