package dev.freshet.content.format;

import dev.freshet.content.article.ArticleDraft;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.RelativeLinks;
import dev.freshet.content.article.StrictJson;
import dev.freshet.content.article.WebAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A line of an NDJSON import: {@code id} and the fields of {@link ArticleDraft} except {@code status}. An event has these in
 * its {@code article}, and a CloudEvent in its {@code data}. Other fields are ignored.
 *
 * @param limit the limit of the line's length, in bytes
 */
record NdjsonEntry(NdjsonLine from, int limit, StrictJson json) implements ImportEntry {

    private record Identity(@Nullable String id) {}

    @Override
    public int line() {
        return from.number();
    }

    @Override
    public int weight() {
        return switch (from) {
            case NdjsonLine.Text text -> text.bytes().length;
            case NdjsonLine.TooLong tooLong -> 0;
        };
    }

    /** Returns null, because lines keep their order. */
    @Override
    public @Nullable Instant time() {
        return null;
    }

    @Override
    public ImportedArticle read() {
        return switch (from) {
            case NdjsonLine.Text text -> UnreadableEntryException.orFault(() -> article(json.parse(text.bytes())));
            case NdjsonLine.TooLong tooLong ->
                throw new UnreadableEntryException("is longer than " + limit + " bytes, the limit of a line");
        };
    }

    private ImportedArticle article(ObjectNode line) {
        var object = unwrap(line);
        var id = json.readKnown(object, Identity.class).id();
        object.remove("status");
        normaliseUrl(object);
        if ((!isEvent(line) || isCloudEvent(line)) && !object.has("version")) {
            resolveLinks(object);
        }
        var draft = json.readKnown(object, ArticleDraft.class);
        if (draft.title() == null || draft.title().isBlank()) {
            throw new UnreadableEntryException("title is required");
        }
        return new ImportedArticle(
                line(), CanonicalUrl.origin(draft.canonicalUrl(), id, draft.source(), draft.slug()), draft);
    }

    private static boolean isEvent(ObjectNode line) {
        return line.path("type").isString() && !line.has("title");
    }

    private static boolean isCloudEvent(ObjectNode line) {
        return line.path("specversion").isString();
    }

    /** Returns the article of an event, as streams send it or in a CloudEvent. */
    private static ObjectNode unwrap(ObjectNode line) {
        if (!isEvent(line)) {
            return line;
        }
        var type = line.path("type").asString();
        if (line.path(isCloudEvent(line) ? "data" : "article") instanceof ObjectNode article
                && !type.equals("article.withdrawn")) {
            return article;
        }
        throw new UnreadableEntryException("left out, because it is the event " + type);
    }

    /** Resolves the links of a text from elsewhere. Articles of this program have links relative to their address here. */
    private static void resolveLinks(ObjectNode object) {
        var url = object.path("canonicalUrl");
        var body = object.path("body");
        if (url.isString() && body.isString() && WebAddress.host(url.asString()) != null) {
            object.put("body", RelativeLinks.resolve(body.asString(), url.asString()));
        }
    }

    /** Brings a valid URL into the form by which articles are compared. */
    private static void normaliseUrl(ObjectNode object) {
        var url = object.path("canonicalUrl").isString()
                ? WebAddress.of(object.path("canonicalUrl").asString(), "")
                : null;
        if (url != null) {
            object.put("canonicalUrl", url);
        }
    }
}
