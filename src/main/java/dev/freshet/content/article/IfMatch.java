package dev.freshet.content.article;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;

/** The header If-Match (RFC 9110, section 13.1.1): the versions that a change may replace. */
record IfMatch(List<ETag> tags) {

    /**
     * Parses the header.
     *
     * @param header null if absent
     */
    static IfMatch parse(@Nullable String header) {
        if (header == null) {
            throw Problem.VERSION_REQUIRED.because("This request requires the header If-Match.");
        }
        var tags = ETag.parse(header.strip());
        if (tags.isEmpty()) {
            throw Problem.invalid(List.of(
                    new Invalid("If-Match", "must be an ETag such as \"3\" with its quotes, a list of them, or *")));
        }
        return new IfMatch(tags);
    }

    /** Throws a problem unless a tag matches the version. Weak tags never match. */
    void check(Article article) {
        var version = Long.toString(article.version());
        if (tags.stream()
                .noneMatch(tag -> tag.isWildcard() || (!tag.weak() && tag.tag().equals(version)))) {
            throw Problem.STALE_VERSION.because("The article has version \"" + version + "\".");
        }
    }

    /** Returns the strong entity tag of an article. */
    static String etag(Article article) {
        return "\"" + article.version() + "\"";
    }
}
