package dev.freshet.content.article;

import java.net.URI;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Makes drafts ready: fills in what they leave out, and renders. Drafts must have been checked. */
@Component
class ContentFactory {

    private static final int SMALL_BODY = 4096;
    private static final int DERIVED_SLUG_LENGTH = 80;
    private static final Pattern NO_SLUG = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final String OWN_SOURCE = "freshet";

    private final Scheduler rendering;

    ContentFactory(@Qualifier("rendering") Scheduler rendering) {
        this.rendering = rendering;
        // The parser reads its table of entities from a file when it first meets one: not on an event loop.
        Markdown.render("&amp;", null);
    }

    /**
     * Makes a draft ready. A small body is rendered by the caller's thread, a larger one elsewhere.
     *
     * @param accountName the author where the draft names none
     */
    Mono<ArticleContent> compose(ArticleDraft draft, String accountName) {
        var content = Mono.fromSupplier(() -> content(draft, accountName));
        return draft.body() == null || draft.body().length() <= SMALL_BODY ? content : content.subscribeOn(rendering);
    }

    /**
     * The draft that would make an article what it is.
     *
     * @param newBody whether another body is to follow; a summary that was derived from this one is left out then
     */
    Mono<ArticleDraft> draft(Article article, boolean newBody) {
        return newBody
                ? Mono.fromSupplier(() -> draft(article, isDerivedSummary(article) ? null : article.summary()))
                        .subscribeOn(rendering)
                : Mono.just(draft(article, article.summary()));
    }

    private static boolean isDerivedSummary(Article article) {
        var body = Objects.requireNonNullElse(article.body(), "");
        return Markdown.render(body, article.canonicalUrl()).beginning().equals(article.summary());
    }

    private static ArticleDraft draft(Article article, @Nullable String summary) {
        return new ArticleDraft(
                article.title(),
                article.slug(),
                summary,
                article.body(),
                article.tags(),
                article.author(),
                article.source(),
                article.canonicalUrl(),
                article.language(),
                article.publishedAt(),
                article.status());
    }

    private static ArticleContent content(ArticleDraft draft, String accountName) {
        var title =
                SPACES.matcher(Objects.requireNonNull(draft.title()).strip()).replaceAll(" ");
        var body = Objects.requireNonNullElse(draft.body(), "");
        var url = draft.canonicalUrl() == null ? null : DraftValidator.url(draft.canonicalUrl());
        var language = draft.language() == null ? null : DraftValidator.language(draft.language());
        var rendered = Markdown.render(body, url);
        var summary = given(draft.summary());
        return new ArticleContent(
                Objects.requireNonNullElseGet(draft.slug(), () -> slug(title)),
                title,
                summary == null ? rendered.beginning() : summary,
                body,
                rendered.html(),
                tags(Objects.requireNonNullElse(draft.tags(), List.of())),
                Objects.requireNonNullElse(given(draft.author()), accountName),
                Objects.requireNonNullElseGet(given(draft.source()), () -> source(url)),
                url,
                Objects.requireNonNullElse(language, "en"));
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static List<String> tags(List<String> tags) {
        var kept = new LinkedHashSet<String>();
        for (var tag : tags) {
            kept.add(tag.strip().toLowerCase(Locale.ROOT));
        }
        return List.copyOf(kept);
    }

    private static String source(@Nullable String url) {
        return url == null ? OWN_SOURCE : URI.create(url).getHost().toLowerCase(Locale.ROOT);
    }

    private static String slug(String title) {
        var words = NO_SLUG.matcher(
                        Normalizer.normalize(title, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT))
                .replaceAll("-");
        var end = words.offsetByCodePoints(0, Math.min(DERIVED_SLUG_LENGTH, words.codePointCount(0, words.length())));
        var slug = trimDashes(words.substring(0, end));
        return slug.isEmpty() ? "article" : slug;
    }

    private static String trimDashes(String text) {
        var from = text.startsWith("-") ? 1 : 0;
        var to = text.length() > from && text.endsWith("-") ? text.length() - 1 : text.length();
        return text.substring(from, to);
    }
}
