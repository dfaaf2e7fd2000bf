package dev.freshet.content.intake;

import dev.freshet.content.article.ArticleDraft;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.StrictJson;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A line of an NDJSON import: {@code id} and the fields of {@link ArticleDraft} except {@code status}. Other fields are
 * ignored.
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

    private ImportedArticle article(ObjectNode object) {
        var id = json.readKnown(object, Identity.class).id();
        object.remove("status");
        var draft = json.readKnown(object, ArticleDraft.class);
        if (draft.title() == null || draft.title().isBlank()) {
            throw new UnreadableEntryException("title is required");
        }
        return new ImportedArticle(
                line(), CanonicalUrl.origin(draft.canonicalUrl(), id, draft.source(), draft.slug()), draft);
    }
}
