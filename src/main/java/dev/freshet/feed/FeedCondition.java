package dev.freshet.feed;

import dev.freshet.log.feedlog.Condition;
import dev.freshet.search.SearchQuery;
import java.util.ArrayList;
import java.util.HashMap;

/** The rule of a feed in SQL. {@link FeedRule} is the same rule in memory. */
final class FeedCondition {

    private FeedCondition() {}

    /** Returns the condition over the rows of the feed log. */
    static Condition of(Feed feed) {
        var tags = feed.tags();
        var authors = feed.authors();
        var sources = feed.sources();
        var excluded = feed.excluded();
        var languages = feed.languages();
        var now = new ArrayList<String>();
        var before = new ArrayList<String>();
        var values = new HashMap<String, Object>();
        before.add("was_author is not null");
        if (!tags.isEmpty()) {
            now.add("tags && :tags");
            before.add("was_tags && :tags");
            values.put("tags", tags.toArray(String[]::new));
        }
        if (!authors.isEmpty()) {
            now.add("author = any (:authors)");
            before.add("was_author = any (:authors)");
            values.put("authors", authors.toArray(String[]::new));
        }
        if (!sources.isEmpty()) {
            now.add("source = any (:sources)");
            before.add("was_source = any (:sources)");
            values.put("sources", sources.toArray(String[]::new));
        }
        if (!excluded.tags().isEmpty()) {
            now.add("not tags && :notTags");
            before.add("not was_tags && :notTags");
            values.put("notTags", excluded.tags().toArray(String[]::new));
        }
        if (!excluded.authors().isEmpty()) {
            now.add("author <> all (:notAuthors)");
            before.add("was_author <> all (:notAuthors)");
            values.put("notAuthors", excluded.authors().toArray(String[]::new));
        }
        if (!excluded.sources().isEmpty()) {
            now.add("source <> all (:notSources)");
            before.add("was_source <> all (:notSources)");
            values.put("notSources", excluded.sources().toArray(String[]::new));
        }
        if (!languages.any().isEmpty()) {
            now.add("(" + Condition.LANGUAGE + " ~ any (:languages)) is not false");
            before.add("(" + Condition.WAS_LANGUAGE + " ~ any (:languages)) is not false");
            values.put("languages", Languages.patterns(languages.any()));
        }
        if (!languages.none().isEmpty()) {
            now.add("(" + Condition.LANGUAGE + " ~ any (:notLanguages)) is not true");
            before.add("(" + Condition.WAS_LANGUAGE + " ~ any (:notLanguages)) is not true");
            values.put("notLanguages", Languages.patterns(languages.none()));
        }
        if (feed.q() != null) {
            now.add("search @@ cast(:q as tsquery)");
            before.add("was_search @@ cast(:q as tsquery)");
            values.put("q", SearchQuery.parse(feed.q()).query());
        }
        if (feed.followedBy() != null) {
            now.add("(" + isListed("following", "tags", "author", "source") + " or " + isFound("search") + ")");
            before.add("(" + isListed("following", "was_tags", "was_author", "was_source") + " or "
                    + isFound("was_search") + ")");
            now.add("not " + isListed("muted", "tags", "author", "source"));
            before.add("not " + isListed("muted", "was_tags", "was_author", "was_source"));
            values.put("reader", feed.followedBy());
        }
        return now.isEmpty()
                ? Condition.ALL
                : new Condition(String.join(" and ", now), String.join(" and ", before), values);
    }

    private static String isListed(String table, String tags, String author, String source) {
        var names = "(select key from " + table + " where account = :reader and kind = '%s')";
        return "(" + tags + " && array" + names.formatted(FeedKind.TAG)
                + " or " + author + " in " + names.formatted(FeedKind.AUTHOR)
                + " or " + source + " in " + names.formatted(FeedKind.SOURCE) + ")";
    }

    private static String isFound(String words) {
        return "exists (select from saved_search s where s.account = :reader and " + words + " @@ s.query)";
    }
}
