package dev.freshet.content.intake;

import dev.freshet.content.article.ArticleDraft;
import dev.freshet.content.article.ImportedArticle;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a feed document of any format.
 *
 * @param line the position in the document, from 1
 * @param id the id that the feed assigns
 * @param content HTML, or plain text if {@code plain}
 * @param summary plain text
 */
record FeedEntry(
        int line,
        @Nullable String id,
        @Nullable String url,
        @Nullable String title,
        @Nullable String content,
        boolean plain,
        @Nullable String summary,
        List<String> tags,
        @Nullable String author,
        @Nullable String language,
        @Nullable Instant publishedAt)
        implements ImportEntry {

    private static final int MAX_SUMMARY_LENGTH = 1000;
    private static final int MAX_TAGS = 20;

    @Override
    public int weight() {
        return content == null ? 0 : content.length();
    }

    @Override
    public @Nullable Instant time() {
        return publishedAt;
    }

    @Override
    public ImportedArticle read() {
        if (title == null || title.isBlank()) {
            throw new UnreadableEntryException("title is required");
        }
        var slug = CanonicalUrl.slug(url);
        var source = CanonicalUrl.host(url);
        var draft = new ArticleDraft(
                title.strip(),
                slug,
                summary == null || summary.isBlank() ? null : shorten(summary.strip()),
                body(),
                tags.stream().filter(tag -> !tag.isBlank()).limit(MAX_TAGS).toList(),
                author == null || author.isBlank() ? null : author.strip(),
                source,
                url,
                language,
                publishedAt,
                null);
        return new ImportedArticle(line, CanonicalUrl.origin(url, id, source, slug), draft);
    }

    private @Nullable String body() {
        if (content == null) {
            return null;
        }
        try {
            return plain ? HtmlToMarkdown.markdownOfText(content) : HtmlToMarkdown.markdown(content);
        } catch (StackOverflowError e) {
            throw new UnreadableEntryException("its HTML is nested too deeply");
        }
    }

    private static String shorten(String text) {
        if (text.length() <= MAX_SUMMARY_LENGTH) {
            return text;
        }
        int end = text.lastIndexOf(' ', MAX_SUMMARY_LENGTH - 1);
        return (end > 0 ? text.substring(0, end) : beginning(text, MAX_SUMMARY_LENGTH - 2)) + "…";
    }

    /** Returns the start of a text, without splitting a surrogate pair. */
    static String beginning(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength);
    }
}
