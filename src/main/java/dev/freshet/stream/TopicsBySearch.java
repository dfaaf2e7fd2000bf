package dev.freshet.stream;

import dev.freshet.search.SearchIndex;
import dev.freshet.search.SearchQuery;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/**
 * Finds topics of searches by the words of an event's article, before and after the change. The topic of a followed feed with
 * saved searches is found by its names too.
 */
final class TopicsBySearch implements TopicFinder {

    private final SearchIndex<Topic> index = new SearchIndex<>();
    private final TopicsByName byName = new TopicsByName();

    @Override
    public void add(Topic topic) {
        searches(topic).forEach(search -> index.add(search, topic));
        if (topic.rule().search() == null) {
            byName.add(topic);
        }
    }

    @Override
    public void remove(Topic topic) {
        searches(topic).forEach(search -> index.remove(search, topic));
        if (topic.rule().search() == null) {
            byName.remove(topic);
        }
    }

    private static List<SearchQuery> searches(Topic topic) {
        var rule = topic.rule();
        return rule.search() != null
                ? List.of(rule.search())
                : Objects.requireNonNull(rule.selection()).searches();
    }

    @Override
    public Collection<Topic> find(Frame frame) {
        var words = frame.words();
        if (words == null) {
            return List.of();
        }
        var found = new LinkedHashSet<>(byName.find(frame));
        if (words.now() != null) {
            found.addAll(index.candidates(words.now()));
        }
        if (words.before() != null) {
            found.addAll(index.candidates(words.before()));
        }
        return found;
    }
}
