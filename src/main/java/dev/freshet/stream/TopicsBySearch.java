package dev.freshet.stream;

import dev.freshet.search.SearchIndex;
import dev.freshet.search.SearchQuery;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/** Finds topics of searches by the words of an event's article, before and after the change. */
final class TopicsBySearch implements TopicFinder {

    private final SearchIndex<Topic> index = new SearchIndex<>();

    @Override
    public void add(Topic topic) {
        index.add(search(topic), topic);
    }

    @Override
    public void remove(Topic topic) {
        index.remove(search(topic), topic);
    }

    private static SearchQuery search(Topic topic) {
        return Objects.requireNonNull(topic.rule().search());
    }

    @Override
    public Set<Topic> find(Frame frame) {
        var words = frame.words();
        if (words == null || index.isEmpty()) {
            return Set.of();
        }
        var found = new LinkedHashSet<Topic>();
        if (words.now() != null) {
            found.addAll(index.candidates(words.now()));
        }
        if (words.before() != null) {
            found.addAll(index.candidates(words.before()));
        }
        return found;
    }
}
