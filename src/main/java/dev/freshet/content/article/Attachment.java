package dev.freshet.content.article;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that belongs to an article, such as the recording of a podcast. Its content is not stored here.
 *
 * @param url an absolute http or https URL, up to 2000 characters
 * @param type the media type, up to 200 characters
 * @param length the size in bytes
 * @param duration the duration of a recording in seconds
 * @param title up to 300 characters
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Attachment(
        @NotBlank(message = "is required") @Size(max = 2000, message = "must have at most 2000 characters") @Nullable
        String url,

        @Nullable @Size(max = ArticleDraft.MAX_NAME_LENGTH, message = "must have at most 200 characters")
        String type,

        @Nullable @PositiveOrZero(message = "must not be negative")
        Long length,

        @Nullable @PositiveOrZero(message = "must not be negative")
        Long duration,

        @Nullable @Size(max = ArticleDraft.MAX_TITLE_LENGTH, message = "must have at most 300 characters")
        String title) {

    /** Returns the attachment with another URL. */
    public Attachment withUrl(String newUrl) {
        return new Attachment(newUrl, type, length, duration, title);
    }

    /** Returns a text for a link: the title, otherwise the end of the URL. */
    public String label() {
        var path = address().replaceFirst("[?#].*$", "").replaceFirst("/+$", "");
        return title == null || title.isBlank() ? path.substring(path.lastIndexOf('/') + 1) : title;
    }

    /** Returns the URL, which validated attachments have. */
    public String address() {
        return Objects.requireNonNull(url);
    }
}
