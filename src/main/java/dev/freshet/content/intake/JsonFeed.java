package dev.freshet.content.intake;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.StrictJson;
import dev.freshet.platform.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON Feed 1.0 and 1.1. Unknown fields are ignored, as the standard demands of readers. */
final class JsonFeed {

    private static final String VERSION = "https://jsonfeed.org/version/1";

    private JsonFeed() {}

    private record Header(
            @Nullable String version, @Nullable List<JsonNode> items) {}

    private record Item(
            @Nullable JsonNode id,
            @Nullable String url,
            @Nullable String title,
            @JsonProperty("content_html") @Nullable String contentHtml,
            @JsonProperty("content_text") @Nullable String contentText,
            @Nullable String summary,
            @Nullable List<String> tags) {}

    private record Times(
            @JsonProperty("date_published") @Nullable Instant published,
            @JsonProperty("date_modified") @Nullable Instant modified) {

        @Nullable
        Instant time() {
            return published == null ? modified : published;
        }
    }

    private record Language(@Nullable String language) {}

    private record Authors(
            @Nullable List<Author> authors, @Nullable JsonNode author) {}

    private record Author(@Nullable String name) {}

    /** Returns the items in the order of the document. */
    static List<ImportEntry> entries(byte[] document, StrictJson json) {
        try {
            return UnreadableEntryException.orFault(() -> items(json.parse(document), json));
        } catch (UnreadableEntryException e) {
            throw Problem.INVALID_REQUEST.because("The document is not a JSON Feed: it " + e.reason()
                    + ". Send a JSON Feed 1.1, or articles as NDJSON with Content-Type application/x-ndjson.");
        }
    }

    private static List<ImportEntry> items(ObjectNode feed, StrictJson json) {
        var header = json.readKnown(feed, Header.class);
        if (header.version() == null || !header.version().startsWith(VERSION)) {
            throw new UnreadableEntryException("has no version " + VERSION + ".1");
        }
        if (header.items() == null) {
            throw new UnreadableEntryException("has no items");
        }
        var entries = new ArrayList<ImportEntry>();
        for (var item : header.items()) {
            entries.add(new ItemEntry(entries.size() + 1, item, feed, json));
        }
        return entries;
    }

    private record ItemEntry(int line, JsonNode node, ObjectNode feed, StrictJson json) implements ImportEntry {

        @Override
        public int weight() {
            return node.path("content_html").asString("").length()
                    + node.path("content_text").asString("").length();
        }

        @Override
        public @Nullable Instant time() {
            try {
                return json.readKnown(node, Times.class).time();
            } catch (StrictJson.FaultException e) {
                return null;
            }
        }

        @Override
        public ImportedArticle read() {
            return UnreadableEntryException.orFault(() -> entry().read());
        }

        private FeedEntry entry() {
            var object = StrictJson.object("the item", node);
            var item = json.readKnown(object, Item.class);
            var language = json.readKnown(object, Language.class).language();
            var author = author(object);
            var content = item.contentHtml() == null ? item.contentText() : item.contentHtml();
            return new FeedEntry(
                    line,
                    id(item.id()),
                    item.url(),
                    item.title(),
                    content == null ? item.summary() : content,
                    item.contentHtml() == null,
                    content == null ? null : item.summary(),
                    item.tags() == null ? List.of() : item.tags(),
                    author == null ? author(feed) : author,
                    language == null ? json.readKnown(feed, Language.class).language() : language,
                    json.readKnown(object, Times.class).time());
        }

        /** Returns the id; some feeds have numbers, which the standard says to convert. */
        private static @Nullable String id(@Nullable JsonNode id) {
            if (id == null || id.isNull()) {
                return null;
            }
            if (id.isNumber() || id.isString()) {
                return id.asString();
            }
            throw new UnreadableEntryException("id must be text");
        }

        private @Nullable String author(ObjectNode object) {
            var fields = json.readKnown(object, Authors.class);
            for (var author : fields.authors() == null ? List.<Author>of() : fields.authors()) {
                if (author.name() != null) {
                    return author.name();
                }
            }
            return fields.author() != null && fields.author().isObject()
                    ? json.readKnown(fields.author(), Author.class).name()
                    : null;
        }
    }
}
