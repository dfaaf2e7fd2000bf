package dev.freshet.content.intake;

import dev.freshet.content.article.ArticleDraft;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.StrictJson;
import dev.freshet.content.article.WebAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A line of an NDJSON import: {@code id} and the fields of {@link ArticleDraft} except {@code status}, or an event with
 * these in its {@code article}. Other fields are ignored.
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
        var draft = json.readKnown(object, ArticleDraft.class);
        if (draft.title() == null || draft.title().isBlank()) {
            throw new UnreadableEntryException("title is required");
        }
        return new ImportedArticle(
                line(), CanonicalUrl.origin(draft.canonicalUrl(), id, draft.source(), draft.slug()), draft);
    }

    /** Returns the article of an event, as streams send it. */
    private static ObjectNode unwrap(ObjectNode line) {
        if (!line.path("type").isString() || line.has("title")) {
            return line;
        }
        var type = line.path("type").asString();
        if (line.path("article") instanceof ObjectNode article && !type.equals("article.withdrawn")) {
            return article;
        }
        throw new UnreadableEntryException("left out, because it is the event " + type);
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
