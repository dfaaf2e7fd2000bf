package dev.freshet.content.source;

import dev.freshet.content.article.ArticleDraft;
import dev.freshet.content.article.WebAddress;
import dev.freshet.content.format.Opml;
import dev.freshet.platform.outbound.OutboundAddress;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A new source, or a change of one. A change leaves out what stays.
 *
 * @param url the address of a feed, or of a page that names its feed
 * @param name for its owner; the host of a new source by default
 * @param tags added to the tags of its articles
 * @param author the author of articles that name none; an empty text for the name of the account
 * @param interval the time between polls: {@code adaptive}, the default, or a duration
 * @param state {@code paused} or {@code active}, only in a change
 */
record SourceRequest(
        @Nullable String url,
        @Nullable String name,
        @Nullable List<@Nullable String> tags,
        @Nullable String author,
        @Nullable String interval,
        @Nullable String state) {

    private static final int MAX_NAME_LENGTH = 200;
    private static final int MAX_TAGS = 10;

    /** Throws the problem to report if a value is invalid. */
    void check(boolean isNew, Duration minInterval) {
        var errors = new ArrayList<Invalid>();
        if (isNew && url == null) {
            errors.add(new Invalid("url", "is required"));
        }
        if (name != null && !isLine(name, MAX_NAME_LENGTH)) {
            errors.add(new Invalid(
                    "name", "must have 1 to " + MAX_NAME_LENGTH + " characters, none of them a control character"));
        }
        if (tags != null && (tags.size() > MAX_TAGS || !tags.stream().allMatch(SourceRequest::isTag))) {
            errors.add(new Invalid(
                    "tags",
                    "must be up to " + MAX_TAGS + " texts of 1 to " + ArticleDraft.MAX_TAG_LENGTH + " characters"));
        }
        if (author != null && !author.isBlank() && !isLine(author, ArticleDraft.MAX_NAME_LENGTH)) {
            errors.add(new Invalid("author", "must have at most " + ArticleDraft.MAX_NAME_LENGTH + " characters"));
        }
        var fault = interval == null ? null : IntervalText.fault(interval, minInterval);
        if (fault != null) {
            errors.add(new Invalid("interval", fault));
        }
        if (isNew && state != null) {
            errors.add(new Invalid("state", "can only be changed: a new source is active"));
        } else if (state != null && !state.equals("paused") && !state.equals("active")) {
            errors.add(new Invalid("state", "must be paused or active"));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
    }

    private static boolean isTag(@Nullable String tag) {
        return tag != null && isLine(tag, ArticleDraft.MAX_TAG_LENGTH);
    }

    private static boolean isLine(String text, int max) {
        return !text.isBlank() && text.length() <= max && text.codePoints().noneMatch(SourceRequest::isForbidden);
    }

    /** Returns whether a code point is a control character, half of a pair, or forbidden in XML. */
    private static boolean isForbidden(int c) {
        return Character.isISOControl(c)
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                || c == 0xFFFE
                || c == 0xFFFF;
    }

    /** Returns the request of a feed in a list. Categories beyond the limits are left out. */
    static SourceRequest of(Opml.Outline outline) {
        var title = outline.title();
        var tags = new ArrayList<@Nullable String>();
        outline.categories().stream()
                .filter(SourceRequest::isTag)
                .limit(MAX_TAGS)
                .forEach(tags::add);
        return new SourceRequest(
                outline.url(), title == null || !isLine(title, MAX_NAME_LENGTH) ? null : title, tags, null, null, null);
    }

    /** Returns the address in its normal form. Throws the problem to report if it is invalid. */
    static URI address(String url) {
        var normal = WebAddress.of(url, "");
        return OutboundAddress.parse("url", normal == null ? url : normal);
    }

    /** Returns the tags without white space around them. */
    static List<String> cleaned(List<@Nullable String> tags) {
        return tags.stream()
                .filter(Objects::nonNull)
                .map(tag -> String.valueOf(tag).strip())
                .distinct()
                .toList();
    }
}
