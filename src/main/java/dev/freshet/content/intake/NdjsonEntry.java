package dev.freshet.content.intake;

import dev.freshet.content.article.ArticleDraft;
import dev.freshet.content.article.ImportedArticle;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A line of an NDJSON import: the fields of {@link ArticleDraft} but its status, and {@code id}. Others are passed over. */
record NdjsonEntry(NdjsonLine from, int limit, JsonReader json) implements ImportEntry {

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

    /** Lines keep their order. */
    @Override
    public @Nullable Instant time() {
        return null;
    }

    @Override
    public ImportedArticle read() {
        return switch (from) {
            case NdjsonLine.Text text -> article(text.number(), json.read(decode(text.bytes())));
            case NdjsonLine.TooLong tooLong ->
                throw new UnreadableEntryException("is longer than " + limit + " bytes, the limit of a line");
        };
    }

    private static ImportedArticle article(int line, JsonFields fields) {
        var title = fields.text("title");
        if (title == null || title.isBlank()) {
            throw new UnreadableEntryException("title is required");
        }
        var url = fields.text("canonicalUrl");
        var slug = fields.text("slug");
        var source = fields.text("source");
        var draft = new ArticleDraft(
                title,
                slug,
                fields.text("summary"),
                fields.text("body"),
                fields.texts("tags"),
                fields.text("author"),
                source == null ? CanonicalUrl.host(url) : source,
                url,
                fields.text("language"),
                fields.time("publishedAt"),
                null);
        return new ImportedArticle(line, CanonicalUrl.origin(url, fields.text("id"), source, slug), draft);
    }

    /** UTF-8 alone: Jackson would take bytes with zeros for UTF-16. */
    static String decode(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
        } catch (CharacterCodingException e) {
            throw new UnreadableEntryException("is not UTF-8 at byte " + (buffer.position() + 1));
        }
    }
}
