package dev.freshet.content.article;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An article as its author sends it. Only the title is required; omitted fields are derived. {@link DraftValidator} checks
 * the constraints and what annotations cannot express, such as well-formed URLs.
 *
 * @param title 1 to 300 characters
 * @param slug the readable part of the address: letters, digits and {@code . _ ~ -}; derived from the title
 * @param summary plain text, up to 1000 characters; derived from the start of the body
 * @param body Markdown, up to 524288 characters; empty if omitted
 * @param tags up to 20 (a setting) of up to 64 characters; stored without duplicates, in this order
 * @param author up to 200 characters; the account's name if omitted
 * @param source up to 200 characters; if omitted, the host of {@code canonicalUrl} or {@code freshet}
 * @param canonicalUrl the original address: an absolute http or https URL, up to 2000 characters
 * @param language a BCP 47 tag; {@code en} if omitted
 * @param publishedAt when it was or will be published, stored to the microsecond
 * @param status the requested status; {@link Publication} lists the transitions. If omitted, a new article is a draft and an
 *     imported one is published
 * @param attachments up to 100 files elsewhere
 * @param image the URL of an image that represents the article: an absolute http or https URL, up to 2000 characters
 */
public record ArticleDraft(
        @Nullable
        @NotBlank(message = "is required")
        @Size(max = ArticleDraft.MAX_TITLE_LENGTH, message = "must have at most 300 characters")
        String title,

        @Nullable
        @Pattern(
                regexp = "(?!\\.{1,2}$)[\\p{L}\\p{M}\\p{N}._~-]{1,200}",
                message = "must have 1 to 200 letters, digits or . _ ~ - and nothing else")
        String slug,

        @Nullable @Size(max = ArticleDraft.MAX_SUMMARY_LENGTH, message = "must have at most 1000 characters")
        String summary,

        @Nullable @Size(max = ArticleDraft.MAX_BODY_LENGTH, message = "must have at most 524288 characters")
        String body,

        @Nullable
        List<
                        @NotBlank(message = "must not be blank")
                        @Size(max = ArticleDraft.MAX_TAG_LENGTH, message = "must have at most 64 characters") String>
                tags,

        @Nullable @Size(max = ArticleDraft.MAX_NAME_LENGTH, message = "must have at most 200 characters")
        String author,

        @Nullable @Size(max = ArticleDraft.MAX_NAME_LENGTH, message = "must have at most 200 characters")
        String source,

        @Nullable @Size(max = 2000, message = "must have at most 2000 characters")
        String canonicalUrl,

        @Nullable @Size(max = 100, message = "must have at most 100 characters")
        String language,

        @Nullable Instant publishedAt,
        @Nullable Status status,

        @Nullable @Size(max = ArticleDraft.MAX_ATTACHMENTS, message = "must have at most 100 elements")
        List<@Valid Attachment> attachments,

        @Nullable @Size(max = 2000, message = "must have at most 2000 characters")
        String image) {

    public static final int MAX_TITLE_LENGTH = 300;
    public static final int MAX_SUMMARY_LENGTH = 1000;
    public static final int MAX_BODY_LENGTH = 524_288;
    public static final int MAX_TAG_LENGTH = 64;
    public static final int MAX_NAME_LENGTH = 200;
    public static final int MAX_ATTACHMENTS = 100;
}
