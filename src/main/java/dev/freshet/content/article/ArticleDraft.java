package dev.freshet.content.article;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An article as its author hands it in. Only the title is required; what is left out is derived. It is checked by its
 * annotations and by what they can't say: that links and languages are well formed, that text has no U+0000.
 *
 * @param title 1 to 300 characters
 * @param slug the readable part of its address: letters, digits and {@code . _ ~ -}; derived from the title
 * @param summary plain text, up to 1000 characters; derived from the body's beginning
 * @param body Markdown, up to 524288 characters; empty when left out
 * @param tags up to 20, unless a setting says otherwise, of up to 64 characters; kept in lower case without duplicates, in this order
 * @param author up to 200 characters; the account's name when left out
 * @param source up to 200 characters; the host of {@code canonicalUrl} when left out, else {@code freshet}
 * @param canonicalUrl where the article is at home: an absolute http or https URL, up to 2000 characters
 * @param language a BCP 47 tag; {@code en} when left out
 * @param publishedAt when it was or is to be published, kept to the microsecond
 * @param status what it is to be; see the write API for what may follow what. A {@code draft} when left out, and
 *     published when left out of an import
 */
public record ArticleDraft(
        @Nullable @NotBlank(message = "is required") @Size(max = 300, message = "must have at most 300 characters")
        String title,

        @Nullable
        @Pattern(
                regexp = "[\\p{L}\\p{N}._~-]{1,200}",
                message = "must have 1 to 200 letters, digits or . _ ~ - and nothing else")
        String slug,

        @Nullable @Size(max = 1000, message = "must have at most 1000 characters")
        String summary,

        @Nullable @Size(max = 524_288, message = "must have at most 524288 characters")
        String body,

        @Nullable
        List<
                        @NotBlank(message = "must not be blank")
                        @Size(max = 64, message = "must have at most 64 characters") String>
                tags,

        @Nullable @Size(max = 200, message = "must have at most 200 characters")
        String author,

        @Nullable @Size(max = 200, message = "must have at most 200 characters")
        String source,

        @Nullable @Size(max = 2000, message = "must have at most 2000 characters")
        String canonicalUrl,

        @Nullable @Size(max = 100, message = "must have at most 100 characters")
        String language,

        @Nullable Instant publishedAt,
        @Nullable Status status) {}
