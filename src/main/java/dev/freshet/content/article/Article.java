package dev.freshet.content.article;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.log.feedlog.Facets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/**
 * An article as clients see it. Its JSON leaves out what is null.
 *
 * @param id a UUIDv7
 * @param slug the readable part of its address; not unique
 * @param summary plain text
 * @param body Markdown (CommonMark with tables, strikethrough, autolinks and footnotes); null in short forms
 * @param html the body rendered and sanitised; null in short forms
 * @param tags lower-case, without duplicates, in the author's order
 * @param language a BCP 47 tag
 * @param publishedAt when it was or will be published; null for a draft that has no time
 * @param version counts the changes, from 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Article(
        UUID id,
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
        Status status,
        @Nullable Instant publishedAt,
        Instant updatedAt,
        long version) {

    public Article {
        tags = List.copyOf(tags);
    }

    /** The form of pages and streams: without {@code body} and {@code html}. */
    public Article withoutContent() {
        return new Article(
                id,
                slug,
                title,
                summary,
                null,
                null,
                tags,
                author,
                source,
                canonicalUrl,
                language,
                status,
                publishedAt,
                updatedAt,
                version);
    }

    /** The address of the page that a person reads. */
    public String readerPath() {
        return "/articles/" + id + (slug.isEmpty() ? "" : "/" + UriUtils.encodePathSegment(slug, UTF_8));
    }

    /** What feeds select by. */
    public Facets facets() {
        return new Facets(tags, author, source);
    }
}
