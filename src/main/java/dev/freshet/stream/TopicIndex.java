package dev.freshet.stream;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedEffect;
import dev.freshet.feed.FeedRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** The topics of an event loop, by their keys and by the events that concern them. */
final class TopicIndex {

    private final Map<Topic.Key, Topic> topics = new HashMap<>();
    private final TopicFinder finder;
    private final boolean words;
    private final Function<Feed, FeedRule> rules;

    /**
     * @param words whether its topics test the words of events, or none does
     * @param rules returns the rule of a feed now
     */
    TopicIndex(TopicFinder finder, boolean words, Function<Feed, FeedRule> rules) {
        this.words = words;
        this.finder = finder;
        this.rules = rules;
    }

    /** Returns the topic of a key, created if absent. */
    Topic get(Topic.Key key) {
        return topics.computeIfAbsent(key, absent -> {
            var topic = new Topic(absent, rules.apply(absent.feed()));
            finder.add(topic);
            return topic;
        });
    }

    void remove(Topic topic) {
        if (topics.remove(topic.key(), topic)) {
            finder.remove(topic);
        }
    }

    /**
     * Renews the topics of feeds whose accounts changed what they follow.
     *
     * @return topics that the other index has to serve
     */
    List<Topic> refresh(Set<UUID> accounts) {
        var others = new ArrayList<Topic>();
        for (var topic : topics.values()) {
            var feed = topic.key().feed();
            if (feed.followedBy() != null && accounts.contains(feed.followedBy())) {
                var rule = rules.apply(feed);
                if (rule.needsWords() == words) {
                    finder.remove(topic);
                    topic.rule(rule);
                    finder.add(topic);
                } else {
                    others.add(topic);
                }
            }
        }
        return others;
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
