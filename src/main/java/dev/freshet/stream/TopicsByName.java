package dev.freshet.stream;

import dev.freshet.feed.Feed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds topics by what an event says of its article. An article with n tags is in (n + 1) · 4 feeds with at most one tag, one
 * author and one source. A topic is filed under each such part of its feed. So many look-ups find all topics, regardless of
 * their number. A followed feed is filed under each of its names.
 */
final class TopicsByName implements TopicFinder {

    private final Map<Feed, List<Topic>> byPart = new HashMap<>();

    @Override
    public void add(Topic topic) {
        for (var part : topic.rule().parts()) {
            byPart.computeIfAbsent(part, feed -> new ArrayList<>(1)).add(topic);
        }
    }

    @Override
    public void remove(Topic topic) {
        for (var part : topic.rule().parts()) {
            byPart.computeIfPresent(part, (feed, ofPart) -> {
                ofPart.remove(topic);
                return ofPart.isEmpty() ? null : ofPart;
            });
        }
    }

    @Override
    public Set<Topic> find(Frame frame) {
        if (byPart.isEmpty()) {
            return Set.of();
        }
        var entry = frame.entry();
        var parts = new HashSet<>(Feed.of(entry.now()));
        if (entry.before() != null) {
            parts.addAll(Feed.of(entry.before()));
        }
        // An event that matches several parts of a feed is delivered once.
        var found = new LinkedHashSet<Topic>();
        for (var part : parts) {
            found.addAll(byPart.getOrDefault(part, List.of()));
        }
        return found;
    }
}
