package dev.freshet.stream;

import dev.freshet.feed.FeedPart;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds topics by what an event says of its article. An article with n tags is in (n + 1) · 4 parts with at most one tag, one
 * author and one source. A topic is filed under each such part of its feed. So many look-ups find all topics, regardless of
 * their number. A followed feed is filed under each of its names.
 */
final class TopicsByName implements TopicFinder {

    private final Map<FeedPart, NumberSet> byPart = new HashMap<>();
    // The topics by their numbers.
    private final List<@Nullable Topic> topics = new ArrayList<>();
    private final BitSet numbers = new BitSet();

    @Override
    public void add(Topic topic) {
        var number = numbers.nextClearBit(0);
        numbers.set(number);
        topic.number(number);
        if (number == topics.size()) {
            topics.add(topic);
        } else {
            topics.set(number, topic);
        }
        for (var part : topic.rule().parts()) {
            byPart.computeIfAbsent(part, absent -> new NumberSet()).add(number);
        }
    }

    @Override
    public void remove(Topic topic) {
        var number = topic.number();
        for (var part : topic.rule().parts()) {
            byPart.computeIfPresent(part, (key, ofPart) -> {
                ofPart.remove(number);
                return ofPart.isEmpty() ? null : ofPart;
            });
        }
        topics.set(number, null);
        numbers.clear(number);
    }

    @Override
    public Collection<Topic> find(Frame frame) {
        if (byPart.isEmpty()) {
            return List.of();
        }
        // An event that matches several parts of a feed is delivered once.
        var found = new BitSet();
        var entry = frame.entry();
        FeedPart.of(entry.now()).forEach(part -> find(part, found));
        if (entry.before() != null) {
            FeedPart.of(entry.before()).forEach(part -> find(part, found));
        }
        var concerned = new ArrayList<Topic>();
        found.stream().forEach(number -> {
            var topic = topics.get(number);
            if (topic != null) {
                concerned.add(topic);
            }
        });
        return concerned;
    }

    private void find(FeedPart part, BitSet found) {
        var ofPart = byPart.get(part);
        if (ofPart != null) {
            ofPart.forEach(found::set);
        }
    }
}
