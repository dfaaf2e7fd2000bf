package dev.freshet.content.intake;

import dev.freshet.content.article.ImportedArticle;
import dev.freshet.platform.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads JSON Feed 1.0 and 1.1. */
final class JsonFeed {

    private static final String VERSION = "https://jsonfeed.org/version/1";

    private JsonFeed() {}

    /** The items in the document's order. */
    static List<ImportEntry> entries(byte[] document, JsonReader json) {
        JsonFields feed;
        try {
            feed = json.read(NdjsonEntry.decode(document));
            var version = feed.text("version");
            if (version == null || !version.startsWith(VERSION)) {
                throw new UnreadableEntryException("has no version " + VERSION + ".1");
            }
            var items = JsonFields.array("items", feed.object().path("items"));
            var entries = new ArrayList<ImportEntry>();
            for (var item : items) {
                entries.add(new Item(entries.size() + 1, item, feed));
            }
            return entries;
        } catch (UnreadableEntryException e) {
            throw Problem.INVALID_REQUEST.because("The document is no JSON Feed: it " + e.reason()
                    + ". Send a JSON Feed 1.1, or articles as NDJSON with Content-Type application/x-ndjson.");
        }
    }

    private record Item(int line, JsonNode node, JsonFields feed) implements ImportEntry {

        @Override
        public int weight() {
            return node.path("content_html").asString("").length()
                    + node.path("content_text").asString("").length();
        }

        @Override
        public @Nullable Instant time() {
            try {
                var item = new JsonFields(node);
                var time = item.time("date_published");
                return time == null ? item.time("date_modified") : time;
            } catch (UnreadableEntryException e) {
                return null;
            }
        }

        @Override
        public ImportedArticle read() {
            var item = JsonFields.of("the item", node);
            var html = item.text("content_html");
            var content = html == null ? item.text("content_text") : html;
            var summary = item.text("summary");
            var time = item.time("date_published");
            var language = item.text("language");
            var author = author(item);
            var tags = item.texts("tags");
            return new FeedEntry(
                            line,
                            id(item),
                            item.text("url"),
                            item.text("title"),
                            content == null ? summary : content,
                            html == null,
                            content == null ? null : summary,
                            tags == null ? List.of() : tags,
                            author == null ? author(feed) : author,
                            language == null ? feed.text("language") : language,
                            time == null ? item.time("date_modified") : time)
                    .read();
        }

        /** Some feeds have numbers; the standard says to take them for text. */
        private static @Nullable String id(JsonFields item) {
            var id = item.object().path("id");
            return id.isNumber() ? id.asString() : item.text("id");
        }

        private static @Nullable String author(JsonFields fields) {
            for (var author : fields.objects("authors")) {
                var name = author.text("name");
                if (name != null) {
                    return name;
                }
            }
            var author = fields.object().path("author");
            return author.isObject() ? new JsonFields(author).text("name") : null;
        }
    }
}
