package dev.freshet.content.article;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.search.ArticleWords;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text and attribution of an article, complete and validated. {@link ArticleDraft} is the incomplete form that
 * authors send; {@link ContentFactory} turns one into the other.
 *
 * @param slug the readable part of the address; not unique
 * @param summary plain text
 * @param body Markdown (CommonMark with tables, strikethrough, autolinks and footnotes); null in short forms
 * @param html the body rendered and sanitised; null in short forms
 * @param tags without duplicates, in the author's order; like author and source, as the name was first written
 * @param language a BCP 47 tag
 * @param attachments files elsewhere, such as recordings
 * @param image the absolute URL of an image that represents the article
 * @param words the words to search for; null for content that was read, whose words are stored
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ArticleContent(
        String slug,
        String title,
        String summary,
        @Nullable String body,
        @Nullable String html,
        List<String> tags,
        String author,
        String source,
        @Nullable String canonicalUrl,
        String language,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Attachment> attachments,
        @Nullable String image,
        @JsonIgnore @Nullable ArticleWords words) {

    public ArticleContent {
        tags = List.copyOf(tags);
        attachments = List.copyOf(attachments);
    }

    ArticleContent withSlug(String newSlug) {
        return with(newSlug, body, html, words);
    }

    ArticleContent withNames(List<String> newTags, String newAuthor, String newSource) {
        return new ArticleContent(
                slug,
                title,
                summary,
                body,
                html,
                newTags,
                newAuthor,
                newSource,
                canonicalUrl,
                language,
                attachments,
                image,
                words);
    }

    ArticleContent withoutBody() {
        return with(slug, null, null, null);
    }

    /** Compares all fields except the HTML and the words, which are derived from the others. */
    boolean hasSameSourceAs(ArticleContent other) {
        return with(slug, body, other.html, other.words).equals(other);
    }

    private ArticleContent with(
            String newSlug, @Nullable String newBody, @Nullable String newHtml, @Nullable ArticleWords newWords) {
        return new ArticleContent(
                newSlug,
                title,
                summary,
                newBody,
                newHtml,
                tags,
                author,
                source,
                canonicalUrl,
                language,
                attachments,
                image,
                newWords);
    }
}
