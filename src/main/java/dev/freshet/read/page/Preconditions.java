package dev.freshet.read.page;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;

/** The preconditions of a request (RFC 9110, section 13.1). */
record Preconditions(HttpHeaders headers) {

    /** Returns whether the request is unconditional. */
    boolean isEmpty() {
        return !headers.containsHeader(HttpHeaders.IF_NONE_MATCH)
                && !headers.containsHeader(HttpHeaders.IF_MODIFIED_SINCE);
    }

    /** Returns the first value of If-None-Match as sent; null for none. */
    @Nullable
    String ifNoneMatch() {
        return headers.getFirst(HttpHeaders.IF_NONE_MATCH);
    }

    /**
     * Returns the entries of If-None-Match: {@code *}, or tags with their quotes, without regard to weakness. Other
     * text is ignored, so that a broken header has no effect.
     */
    List<String> tags() {
        return headers.getOrEmpty(HttpHeaders.IF_NONE_MATCH).stream()
                .flatMap(value -> ETag.parse(value).stream())
                .map(tag -> tag.isWildcard() ? "*" : '"' + tag.tag() + '"')
                .toList();
    }

    /**
     * Returns whether the client has this page already. If-None-Match takes precedence. Dates are compared exactly as
     * sent: an earlier or later one proves nothing.
     *
     * @param lastModified the value of the header; null for none
     */
    boolean isUnmodified(PageTag tag, @Nullable String lastModified) {
        if (headers.containsHeader(HttpHeaders.IF_NONE_MATCH)) {
            return tags().stream().anyMatch(text -> text.equals("*") || text.equals(tag.toString()));
        }
        return lastModified != null && lastModified.equals(headers.getFirst(HttpHeaders.IF_MODIFIED_SINCE));
    }
}
