package dev.freshet.read.web;

import dev.freshet.content.article.Article;
import dev.freshet.read.page.Highlights;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An article as templates show it.
 *
 * @param html the body for the page; null in lists
 * @param time the time of publication, formatted
 * @param updated the time of the last change, formatted; null for an unchanged article
 * @param highlights the words of the search; null outside of the page of a search
 * @param original the web address of its first publication; null where that is unknown or here
 */
record Item(
        Article article,
        String href,
        List<Link> tags,
        Link author,
        Link source,
        @Nullable String html,
        @Nullable String time,
        @Nullable String updated,
        @Nullable Highlights highlights,
        @Nullable String original) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** A label with a link to a feed. */
    record Link(String text, String href) {}

    /** Returns an item of a list. */
    static Item inList(Article article, @Nullable Highlights highlights) {
        return of(article, null, highlights);
    }

    /** Returns the item of an article's own page. */
    static Item of(Article article, @Nullable String html) {
        return of(article, html, null);
    }

    private static Item of(Article article, @Nullable String html, @Nullable Highlights highlights) {
        return new Item(
                article,
                article.readerPath(),
                article.content().tags().stream()
                        .map(tag -> new Link(tag, Links.tag(tag)))
                        .toList(),
                new Link(
                        article.content().author(),
                        Links.author(article.content().author())),
                new Link(
                        article.content().source(),
                        Links.source(article.content().source())),
                html,
                format(article.publication().publishedAt()),
                article.version() > 1 ? format(article.publication().updatedAt()) : null,
                highlights,
                web(article.content().canonicalUrl()));
    }

    boolean hasAttachments() {
        return !article.content().attachments().isEmpty();
    }

    private static @Nullable String format(@Nullable Instant time) {
        return time == null ? null : TIME.format(time);
    }

    /** Returns the address if it is safe to click on. */
    private static @Nullable String web(@Nullable String url) {
        return url != null && (url.startsWith("https://") || url.startsWith("http://")) ? url : null;
    }
}
