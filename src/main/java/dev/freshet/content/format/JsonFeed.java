package dev.freshet.content.format;

import dev.freshet.content.article.Attachment;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.StrictJson;
import dev.freshet.content.article.WebAddress;
import dev.freshet.platform.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON Feed 1.0 and 1.1, and lists of the APIs of WordPress and Drupal. Fields of a wrong type are converted or ignored, as the standard demands of readers. */
final class JsonFeed {

    private static final String POSTS = "posts";
    private static final String VERSION = "https?://(www\\.)?jsonfeed\\.org/version/1.*";

    private JsonFeed() {}

    /** Returns the items in the order of the document. */
    static FeedDocument read(DocumentSource source, StrictJson json) {
        var decoded = FeedDecoder.decode(source.bytes(), source.charset());
        try {
            var repairs = new ArrayList<String>();
            if (decoded.repair() != null) {
                repairs.add(decoded.repair());
            }
            var isArray = decoded.text().stripLeading().startsWith("[");
            var feed = parse(isArray ? "{\"" + POSTS + "\":" + decoded.text() + "}" : decoded.text(), json, repairs);
            if (isArray && WordPressPosts.isList(feed.path(POSTS))) {
                return new FeedDocument(WordPressPosts.read(feed.path(POSTS), source), repairs, FeedHints.NONE);
            }
            if (isArray) {
                throw new UnreadableEntryException("the JSON must be an object, but is an array");
            }
            return DrupalNodes.isList(feed)
                    ? new FeedDocument(DrupalNodes.read(feed, source), repairs, FeedHints.NONE)
                    : new FeedDocument(items(feed, source), repairs, FeedHints.of(feed, source.address()));
        } catch (UnreadableEntryException e) {
            throw Problem.INVALID_REQUEST.because("The document is not a JSON Feed: " + e.reason()
                    + ". Send a JSON Feed 1.1, or articles as NDJSON with Content-Type application/x-ndjson.");
        }
    }

    /** Parses standard JSON, and again with the usual faults if it is not. */
    private static ObjectNode parse(String text, StrictJson json, List<String> repairs) {
        try {
            return json.parseLeniently(text, false);
        } catch (StrictJson.FaultException e) {
            var feed = parseFaulty(text, json);
            repairs.add("it " + e.reason());
            return feed;
        }
    }

    private static ObjectNode parseFaulty(String text, StrictJson json) {
        try {
            return json.parseLeniently(text, true);
        } catch (StrictJson.FaultException e) {
            throw new UnreadableEntryException((e.fault().field().isEmpty() ? "it " : "") + e.reason());
        }
    }

    private static List<DocumentEntry> items(ObjectNode feed, DocumentSource source) {
        var address = source.address();
        if (feed.has("db")) {
            throw new UnreadableEntryException("it is an export of Ghost, which is not supported");
        }
        var version = text(feed, "version");
        if (version == null || !version.matches(VERSION)) {
            throw new UnreadableEntryException("it has no version https://jsonfeed.org/version/1.1");
        }
        if (!feed.path("items").isArray()) {
            throw new UnreadableEntryException("it has no items");
        }
        var base = Stream.of("home_page_url", "feed_url")
                .map(field -> WebAddress.of(text(feed, field), address))
                .filter(url -> url != null)
                .map(String::valueOf)
                .findFirst()
                .orElse(address);
        var defaults = new FeedDefaults(
                base,
                authors(feed),
                text(feed, "language") == null ? source.language() : text(feed, "language"),
                List.of(),
                null);
        var entries = new ArrayList<DocumentEntry>();
        for (var item : feed.path("items")) {
            entries.add(new ItemEntry(entries.size() + 1, item, defaults, published(item)));
        }
        return entries;
    }

    private record ItemEntry(int line, JsonNode node, FeedDefaults feed, FeedTime published) implements DocumentEntry {

        @Override
        public long digest() {
            return Digest.of(feed.digestText() + node);
        }

        @Override
        public int weight() {
            return node.path("content_html").asString("").length()
                    + node.path("content_text").asString("").length();
        }

        @Override
        public @Nullable Instant time() {
            return published.instant();
        }

        @Override
        public ImportedArticle read() {
            return UnreadableEntryException.orFault(() -> {
                StrictJson.object("the item", node);
                return entry().read();
            });
        }

        private FeedEntry entry() {
            var url = text(node, "url");
            var texts = texts();
            return new FeedEntry(
                    line,
                    feed,
                    new FeedEntry.Names(
                            text(node, "id"), url == null ? text(node, "external_url") : url, null, feed.base()),
                    texts,
                    new FeedEntry.Labels(tags(), authors(node), text(node, "language")),
                    published,
                    media());
        }

        private FeedMedia media() {
            var attachments = elements(node.path("attachments"))
                    .map(file -> new Attachment(
                            text(file, "url"),
                            text(file, "mime_type"),
                            FeedMedia.length(String.valueOf(text(file, "size_in_bytes"))),
                            FeedMedia.seconds(String.valueOf(text(file, "duration_in_seconds"))),
                            text(file, "title")))
                    .toList();
            var image = text(node, "image");
            return new FeedMedia(attachments, image == null ? text(node, "banner_image") : image);
        }

        private FeedEntry.Texts texts() {
            var title = text(node, "title");
            var html = text(node, "content_html");
            var plain = text(node, "content_text");
            var summary = text(node, "summary") == null ? null : FeedText.plain(String.valueOf(text(node, "summary")));
            var content = html != null ? FeedText.html(html) : plain != null ? FeedText.plain(plain) : null;
            return new FeedEntry.Texts(
                    title == null ? null : FeedText.plain(title),
                    content == null ? summary : content,
                    content == null ? null : summary);
        }

        private List<String> tags() {
            return elements(node.path("tags"))
                    .filter(tag -> tag.isString() || tag.isNumber())
                    .flatMap(tag -> node.path("tags").isString()
                            ? Pattern.compile(",").splitAsStream(tag.asString())
                            : Stream.of(tag.asString()))
                    .map(String::strip)
                    .filter(tag -> !tag.isEmpty())
                    .toList();
        }
    }

    /** Returns the elements of an array, or the value itself, which publishers write instead of an array of one. */
    private static Stream<JsonNode> elements(JsonNode value) {
        return value.isArray() ? StreamSupport.stream(value.spliterator(), false) : Stream.of(value);
    }

    private static FeedTime published(JsonNode item) {
        return FeedTime.of(Stream.of("date_published", "date_modified")
                .map(field -> text(item, field))
                .filter(text -> text != null)
                .map(String::valueOf));
    }

    /** Returns a text, to which numbers are converted; null if the field is absent or of another type. */
    private static @Nullable String text(JsonNode object, String field) {
        var value = object.path(field);
        var text = value.isString() || value.isNumber() ? value.asString() : "";
        return text.isBlank() ? null : text;
    }

    private static List<String> authors(JsonNode object) {
        return Stream.concat(elements(object.path("authors")), Stream.of(object.path("author")))
                .map(author -> author.isString() ? author.asString() : text(author, "name"))
                .filter(name -> name != null && !name.isBlank())
                .map(name -> String.valueOf(name).strip())
                .distinct()
                .toList();
    }
}
