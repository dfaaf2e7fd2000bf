package dev.freshet.content.format;

import dev.freshet.content.article.ArticleDraft;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.WebAddress;
import java.time.Instant;
import java.util.IllformedLocaleException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a feed document of any format. Invalid fields are repaired or dropped, and reported.
 *
 * @param line the position in the document, from 1
 */
record FeedEntry(
        int line, FeedDefaults feed, Names names, Texts texts, Labels labels, FeedTime published, FeedMedia media) {

    private static final int MAX_TAGS = 20;
    private static final int DERIVED_TITLE_LENGTH = 80;
    private static final String UNTITLED = "Untitled";
    private static final int DATE_LENGTH = "2026-01-31".length();

    /**
     * The identification of an entry.
     *
     * @param id the id that the feed assigns
     * @param url the address, which may be relative or invalid
     * @param slug null to derive it from the URL
     */
    record Names(
            @Nullable String id,
            @Nullable String url,
            @Nullable String slug,
            String base) {}

    /** The texts of an entry. The content may be its only text. */
    record Texts(
            @Nullable FeedText title,
            @Nullable FeedText content,
            @Nullable FeedText summary) {}

    /** The classification of an entry. */
    record Labels(
            List<String> tags,
            List<String> authors,
            @Nullable String language) {}

    /** @throws UnreadableEntryException if the entry has neither text nor identification */
    ImportedArticle read() {
        var repairs = new Repairs();
        var url = repairs.url("canonicalUrl", names.url(), names.base());
        var base = names.base().isEmpty() && url != null ? url : names.base();
        var body = body(base, repairs);
        var summary = texts.summary() == null ? null : texts.summary().line();
        var scope = WebAddress.host(feed.base());
        var host = WebAddress.host(url);
        var source = host == null ? scope : host;
        var slug = names.slug() == null ? CanonicalUrl.slug(url) : CanonicalUrl.segment(names.slug());
        var attachments = media.valid(base, repairs);
        var draft = new ArticleDraft(
                title(url, body, repairs),
                slug,
                repairs.text("summary", summary, ArticleDraft.MAX_SUMMARY_LENGTH),
                body,
                tags(repairs),
                author(repairs),
                source,
                url,
                language(repairs),
                time(repairs),
                null,
                attachments.isEmpty() ? null : attachments,
                repairs.url("image", media.image(), base));
        return new ImportedArticle(
                line,
                hasIdentity(url)
                        ? CanonicalUrl.origin(url, names.id(), scope == null ? source : scope, slug)
                        : CanonicalUrl.originOfContent(scope, content(draft)),
                draft,
                repairs.descriptions());
    }

    private boolean hasIdentity(@Nullable String url) {
        return url != null || (names.id() != null && !names.id().isBlank());
    }

    /** Returns what identifies an entry without an id and a URL: an item of RSS needs neither. */
    private String content(ArticleDraft draft) {
        return Stream.of(
                        draft.title(),
                        draft.body(),
                        draft.author(),
                        draft.tags(),
                        published.instant(),
                        draft.attachments())
                .map(String::valueOf)
                .collect(Collectors.joining("\n"));
    }

    private String title(@Nullable String url, @Nullable String body, Repairs repairs) {
        var title = texts.title() == null ? "" : texts.title().label();
        if (!title.isBlank()) {
            return String.valueOf(repairs.text("title", title, ArticleDraft.MAX_TITLE_LENGTH));
        }
        for (var text : new @Nullable FeedText[] {texts.summary(), texts.content()}) {
            var line = text == null ? "" : text.line();
            if (!line.isBlank()) {
                return Repairs.shorten(line, DERIVED_TITLE_LENGTH);
            }
        }
        return Repairs.shorten(url == null ? substitute(body, repairs) : url, DERIVED_TITLE_LENGTH);
    }

    /** Returns a title for an entry without words, such as a recording or a picture. */
    private String substitute(@Nullable String body, Repairs repairs) {
        if ((body == null || body.isEmpty()) && isEmpty()) {
            throw new UnreadableEntryException("it is empty");
        }
        var file = media.attachments().stream()
                .map(each -> each.title() == null ? CanonicalUrl.slug(each.url()) : each.title())
                .filter(name -> name != null && !name.isBlank())
                .findFirst();
        var time = published.instant();
        var title = file.map(String::valueOf)
                .orElse(time == null ? UNTITLED : time.toString().substring(0, DATE_LENGTH));
        repairs.add("it has neither a title nor a text; its title became " + title);
        return FeedText.replaceInvalid(title.strip());
    }

    private boolean isEmpty() {
        return names.id() == null
                && media.attachments().isEmpty()
                && media.image() == null
                && labels.tags().isEmpty()
                && labels.authors().isEmpty()
                && published.instant() == null;
    }

    private @Nullable String body(String base, Repairs repairs) {
        var content = texts.content();
        if (content == null) {
            return null;
        }
        var body = HtmlBody.of(content.withoutNeedlessHtml(), base, repairs);
        if (body.length() <= ArticleDraft.MAX_BODY_LENGTH) {
            return body;
        }
        repairs.add(
                "body was shortened to " + ArticleDraft.MAX_BODY_LENGTH + " characters, and its markup was removed");
        // Escaping makes a character of text five at most.
        var text = Repairs.shorten(content.line(), ArticleDraft.MAX_BODY_LENGTH / 6);
        return HtmlBody.of(FeedText.plain(text), base, repairs);
    }

    /** Returns the first author, since an article has one. */
    private @Nullable String author(Repairs repairs) {
        var authors = labels.authors().isEmpty() ? feed.authors() : labels.authors();
        if (authors.size() > 1) {
            var others = String.join(", ", authors.subList(1, Math.min(authors.size(), 10)));
            repairs.add("other authors were dropped: " + Repairs.beginning(FeedText.replaceInvalid(others), 200));
        }
        return authors.isEmpty() ? null : repairs.text("author", authors.getFirst(), ArticleDraft.MAX_NAME_LENGTH);
    }

    private List<String> tags(Repairs repairs) {
        var tags = new LinkedHashSet<String>();
        for (var tag : labels.tags().isEmpty() ? feed.tags() : labels.tags()) {
            if (tags.size() == MAX_TAGS) {
                repairs.add("tags after the first " + MAX_TAGS + " were dropped");
                break;
            }
            var text = repairs.text("a tag", tag, ArticleDraft.MAX_TAG_LENGTH);
            if (text != null) {
                tags.add(text);
            }
        }
        return List.copyOf(tags);
    }

    /** Returns a BCP 47 tag; null if the entry and its feed name no language. */
    private @Nullable String language(Repairs repairs) {
        for (var text : new @Nullable String[] {labels.language(), feed.language()}) {
            if (text == null || text.isBlank()) {
                continue;
            }
            try {
                return new Locale.Builder()
                        .setLanguageTag(text.strip().replaceFirst("[.@].*$", "").replace('_', '-'))
                        .build()
                        .toLanguageTag();
            } catch (IllformedLocaleException e) {
                repairs.add("language is not a BCP 47 tag and was dropped: "
                        + Repairs.beginning(FeedText.replaceInvalid(text), 50));
            }
        }
        return null;
    }

    private @Nullable Instant time(Repairs repairs) {
        if (published.unreadable() != null) {
            var fallback = published.instant() != null
                    ? "another of the entry"
                    : feed.time() == null ? "the time of the import" : "the time of the feed";
            repairs.add("publishedAt is not a time, and " + fallback + " was used: "
                    + Repairs.beginning(FeedText.replaceInvalid(published.unreadable()), 100));
        }
        return published.instant() == null && published.unreadable() != null ? feed.time() : published.instant();
    }
}
