package dev.freshet.content.article;

import dev.freshet.platform.LanguageTag;
import dev.freshet.platform.NameKey;
import dev.freshet.search.SearchVector;
import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Turns valid drafts into content: derives what they omit, and renders the body. */
@Component
class ContentFactory {

    private static final int MAX_INLINE_BODY_LENGTH = 4096;
    private static final int DERIVED_SLUG_LENGTH = 80;
    private static final Pattern NOT_IN_SLUGS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final String DEFAULT_SOURCE = "freshet";
    private static final String DEFAULT_LANGUAGE = "en";

    private final Scheduler rendering;
    private final FirstSpellings spellings;

    ContentFactory(@Qualifier("rendering") Scheduler rendering, FirstSpellings spellings) {
        this.rendering = rendering;
        this.spellings = spellings;
        // Loads the parser's table of entities, which is read from a file, before an event loop needs it.
        Markdown.render("&amp;", false);
    }

    /**
     * Completes a draft. Renders a short body on the caller's thread and a longer one on the rendering threads.
     */
    Mono<ArticleContent> create(ArticleDraft draft, Byline byline) {
        return createUnspelled(draft, byline).flatMap(spellings::apply);
    }

    /** Completes a draft, with names in their first spelling as far as it is cached. The others must be checked. */
    Mono<FirstSpellings.Spelled> createSpelledByCache(ArticleDraft draft, Byline byline) {
        return createUnspelled(draft, byline).map(spellings::applyCached);
    }

    /** Completes a draft, with names as it spells them. {@link #spell} must follow. */
    Mono<ArticleContent> createUnspelled(ArticleDraft draft, Byline byline) {
        var content = Mono.fromSupplier(() -> content(draft, byline));
        return draft.body() == null || draft.body().length() <= MAX_INLINE_BODY_LENGTH
                ? content
                : content.subscribeOn(rendering);
    }

    /** Returns the contents in their order, with names in their first spelling. */
    Mono<List<ArticleContent>> spell(List<ArticleContent> contents) {
        return spellings.apply(contents);
    }

    /** Returns the content with names in their first spelling. */
    Mono<ArticleContent> spell(ArticleContent content) {
        return spellings.apply(content);
    }

    /** Caches the spelling of names in a new article that was written with a check of them. */
    void rememberSpelling(ArticleContent content, boolean isPublished) {
        spellings.add(content, isPublished);
    }

    /** Returns whether the summary was derived from the body. Renders the body on the rendering threads. */
    Mono<Boolean> hasDerivedSummary(ArticleContent content) {
        return Mono.fromSupplier(() -> {
                    var body = Objects.requireNonNullElse(content.body(), "");
                    return Markdown.render(body, false).beginning().equals(content.summary());
                })
                .subscribeOn(rendering);
    }

    private static ArticleContent content(ArticleDraft draft, Byline byline) {
        var title =
                SPACES.matcher(Objects.requireNonNull(draft.title()).strip()).replaceAll(" ");
        var body = Objects.requireNonNullElse(draft.body(), "");
        var url = draft.canonicalUrl() == null ? null : DraftValidator.url(draft.canonicalUrl());
        var language = draft.language() == null ? null : LanguageTag.canonical(draft.language());
        var rendered = Markdown.render(body, byline.isEditor());
        var summary = strip(draft.summary());
        var shownSummary = summary == null ? rendered.beginning() : summary;
        var shownLanguage = Objects.requireNonNullElse(language, DEFAULT_LANGUAGE);
        return new ArticleContent(
                Objects.requireNonNullElseGet(draft.slug(), () -> slug(title)),
                title,
                shownSummary,
                body,
                rendered.html(),
                tags(Objects.requireNonNullElse(draft.tags(), List.of())),
                Objects.requireNonNullElse(strip(draft.author()), byline.name()),
                Objects.requireNonNullElseGet(strip(draft.source()), () -> source(url)),
                url,
                shownLanguage,
                Objects.requireNonNullElse(draft.attachments(), List.<Attachment>of()).stream()
                        .map(attachment ->
                                attachment.withUrl(Objects.requireNonNull(DraftValidator.url(attachment.address()))))
                        .toList(),
                draft.image() == null ? null : DraftValidator.url(draft.image()),
                SearchVector.words(title, shownSummary, body, shownLanguage));
    }

    private static @Nullable String strip(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static List<String> tags(List<String> tags) {
        var unique = new LinkedHashMap<String, String>();
        for (var tag : tags) {
            unique.putIfAbsent(NameKey.of(tag.strip()), tag.strip());
        }
        return List.copyOf(unique.values());
    }

    private static String source(@Nullable String url) {
        return Objects.requireNonNullElse(WebAddress.host(url), DEFAULT_SOURCE);
    }

    private static String slug(String title) {
        var words = NOT_IN_SLUGS
                .matcher(Normalizer.normalize(title, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT))
                .replaceAll("-");
        var end = words.offsetByCodePoints(0, Math.min(DERIVED_SLUG_LENGTH, words.codePointCount(0, words.length())));
        // A letter is not separated from its marks.
        while (end < words.length() && end > 0 && isMark(words.codePointAt(end))) {
            end = words.offsetByCodePoints(end, -1);
        }
        var slug = trimDashes(words.substring(0, end));
        return slug.isEmpty() ? "article" : slug;
    }

    private static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    private static String trimDashes(String text) {
        var from = text.startsWith("-") ? 1 : 0;
        var to = text.length() > from && text.endsWith("-") ? text.length() - 1 : text.length();
        return text.substring(from, to);
    }
}
