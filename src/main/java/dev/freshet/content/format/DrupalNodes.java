package dev.freshet.content.format;

import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.StrictJson;
import dev.freshet.content.article.WebAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the articles of a Drupal site from its JSON:API ({@code /jsonapi/node/article}), which has their full text. */
final class DrupalNodes {

    private DrupalNodes() {}

    /** Returns whether a JSON object is a list of JSON:API. */
    static boolean isList(JsonNode document) {
        return document.has("jsonapi") && document.path("data").isArray();
    }

    static List<DocumentEntry> read(JsonNode document, DocumentSource source) {
        var feed = new FeedDefaults(source.address(), List.of(), source.language(), List.of(), null);
        var included = new HashMap<String, JsonNode>();
        document.path("included").forEach(each -> included.put(each.path("id").asString(""), each.path("attributes")));
        var entries = new ArrayList<DocumentEntry>();
        document.path("data")
                .forEach(node -> entries.add(
                        new NodeEntry(entries.size() + 1, node, feed, labels(node, included), published(node))));
        return List.copyOf(entries);
    }

    private static FeedTime published(JsonNode node) {
        return FeedTime.of(Stream.of("published_at", "created", "changed")
                .map(field -> node.path("attributes").path(field).asString("")));
    }

    private static FeedEntry.Labels labels(JsonNode node, Map<String, JsonNode> included) {
        var relationships = node.path("relationships");
        return new FeedEntry.Labels(
                names(relationships.path("field_tags"), included, "name"),
                names(relationships.path("uid"), included, "display_name"),
                node.path("attributes").path("langcode").asString(null));
    }

    private static List<String> names(JsonNode relationship, Map<String, JsonNode> included, String field) {
        var data = relationship.path("data");
        return (data.isArray() ? data.valueStream() : Stream.of(data))
                .map(each -> included.get(each.path("id").asString("")))
                .filter(attributes -> attributes != null)
                .map(attributes -> attributes.path(field).asString("").strip())
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private record NodeEntry(int line, JsonNode node, FeedDefaults feed, FeedEntry.Labels labels, FeedTime published)
            implements DocumentEntry {

        @Override
        public long digest() {
            return Digest.of(feed.digestText() + node + labels);
        }

        @Override
        public int weight() {
            return body("processed").length();
        }

        @Override
        public @Nullable Instant time() {
            return published.instant();
        }

        @Override
        public ImportedArticle read() {
            return UnreadableEntryException.orFault(() -> {
                StrictJson.object("the node", node);
                if (!node.path("attributes").path("status").asBoolean(true)) {
                    throw new UnreadableEntryException("left out, because it is not published");
                }
                return entry().read();
            });
        }

        private FeedEntry entry() {
            var id = node.path("id").asString("");
            var url = address();
            var summary = body("summary");
            return new FeedEntry(
                    line,
                    feed,
                    new FeedEntry.Names(
                            id.isBlank() ? null : "urn:uuid:" + id, url, null, url == null ? feed.base() : url),
                    new FeedEntry.Texts(
                            FeedText.plain(node.path("attributes").path("title").asString("")),
                            FeedText.html(body("processed")),
                            summary.isBlank() ? null : FeedText.html(summary)),
                    labels,
                    published,
                    new FeedMedia(List.of(), null));
        }

        private String body(String field) {
            return node.path("attributes").path("body").path(field).asString("");
        }

        /** Returns the address of the page: its alias, or else its number; null without either. */
        private @Nullable String address() {
            var alias = node.path("attributes").path("path").path("alias").asString("");
            var number = node.path("attributes").path("drupal_internal__nid").asString("");
            return alias.isEmpty() && number.isEmpty()
                    ? null
                    : WebAddress.of(alias.isEmpty() ? "/node/" + number : alias, feed.base());
        }
    }
}
