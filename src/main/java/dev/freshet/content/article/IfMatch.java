package dev.freshet.content.article;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;

/** The versions that a change may replace: the header If-Match (RFC 9110, section 13.1.1). */
record IfMatch(List<ETag> tags) {

    /** Reads the header; null stands for its absence. */
    static IfMatch parse(@Nullable String header) {
        if (header == null) {
            throw Problem.VERSION_REQUIRED.because("A change needs the header If-Match.");
        }
        var tags = ETag.parse(header.strip());
        if (tags.isEmpty()) {
            throw Problem.invalid(List.of(
                    new Invalid("If-Match", "must be an ETag such as \"3\" with its quotes, a list of them, or *")));
        }
        return new IfMatch(tags);
    }

    /** Refuses a version that is not among these. A weak tag matches nothing, as the standard says. */
    void check(Article article) {
        var version = Long.toString(article.version());
        if (tags.stream()
                .noneMatch(tag -> tag.isWildcard() || (!tag.weak() && tag.tag().equals(version)))) {
            throw Problem.STALE_VERSION.because("The article is at version \"" + version + "\" now.");
        }
    }

    /** The strong ETag of an article. */
    static String etag(Article article) {
        return "\"" + article.version() + "\"";
    }
}
