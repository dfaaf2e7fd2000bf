package dev.freshet.content.format;

import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.StrictJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the posts of a WordPress site from its REST API ({@code /wp-json/wp/v2/posts}), which has their full text. Their ids
 * are those of the site's feeds.
 */
final class WordPressPosts {

    private static final Set<String> TAXONOMIES = Set.of("category", "post_tag");

    private WordPressPosts() {}

    /** Returns whether a JSON array has posts. An empty one does too. */
    static boolean isList(JsonNode array) {
        return array.valueStream().allMatch(post -> post.path("content").has("rendered") && post.has("link"));
    }

    static List<DocumentEntry> read(JsonNode posts, DocumentSource source) {
        var feed = new FeedDefaults(source.address(), List.of(), source.language(), List.of(), null);
        var entries = new ArrayList<DocumentEntry>();
        posts.forEach(post -> entries.add(new PostEntry(entries.size() + 1, post, feed, published(post))));
        return List.copyOf(entries);
    }

    private static FeedTime published(JsonNode post) {
        return FeedTime.of(Stream.of(
                post.path("date_gmt").asString("").isEmpty()
                        ? ""
                        : post.path("date_gmt").asString() + "Z",
                post.path("date").asString("")));
    }

    private record PostEntry(int line, JsonNode node, FeedDefaults feed, FeedTime published) implements DocumentEntry {

        @Override
        public long digest() {
            return Digest.of(feed.digestText() + node);
        }

        @Override
        public int weight() {
            return node.path("content").path("rendered").asString("").length();
        }

        @Override
        public @Nullable Instant time() {
            return published.instant();
        }

        @Override
        public ImportedArticle read() {
            return UnreadableEntryException.orFault(() -> {
                StrictJson.object("the post", node);
                if (node.path("content").path("protected").asBoolean(false)) {
                    throw new UnreadableEntryException("left out, because a password protects it");
                }
                return entry().read();
            });
        }

        private FeedEntry entry() {
            var link = node.path("link").asString("");
            var guid = node.path("guid").path("rendered").asString("");
            return new FeedEntry(
                    line,
                    feed,
                    new FeedEntry.Names(
                            guid.isBlank() ? null : guid,
                            link.isBlank() ? null : link,
                            node.path("slug").asString(null),
                            link.isBlank() ? feed.base() : link),
                    new FeedEntry.Texts(rendered("title"), rendered("content"), rendered("excerpt")),
                    new FeedEntry.Labels(tags(), authors(), null),
                    published,
                    new FeedMedia(List.of(), image()));
        }

        private @Nullable FeedText rendered(String field) {
            var html = node.path(field).path("rendered").asString("");
            return html.isBlank() ? null : FeedText.html(html);
        }

        private List<String> tags() {
            return node.path("_embedded")
                    .path("wp:term")
                    .valueStream()
                    .flatMap(JsonNode::valueStream)
                    .filter(term -> TAXONOMIES.contains(term.path("taxonomy").asString("")))
                    .map(term -> FeedText.html(term.path("name").asString("")).label())
                    .filter(name -> !name.isBlank())
                    .distinct()
                    .toList();
        }

        private List<String> authors() {
            return node.path("_embedded")
                    .path("author")
                    .valueStream()
                    .map(author -> author.path("name").asString("").strip())
                    .filter(name -> !name.isEmpty())
                    .toList();
        }

        private @Nullable String image() {
            return node.path("_embedded")
                    .path("wp:featuredmedia")
                    .path(0)
                    .path("source_url")
                    .asString(null);
        }
    }
}
