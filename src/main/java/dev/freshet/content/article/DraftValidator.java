package dev.freshet.content.article;

import dev.freshet.platform.LanguageTag;
import dev.freshet.platform.problem.Invalid;
import jakarta.validation.Validator;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Validates drafts. */
@Component
class DraftValidator {

    private static final Instant MIN_TIME = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant MAX_TIME = Instant.parse("9999-12-31T23:59:59Z");

    private final Validator validator;
    private final int maxTags;

    DraftValidator(Validator validator, ArticleSettings settings) {
        this.validator = validator;
        // The first use of a class takes a lock, for which event loops would wait.
        validator.getConstraintsForClass(ArticleDraft.class);
        this.maxTags = settings.tags();
    }

    /** Returns the faults of a draft, sorted by field. */
    List<Invalid> faults(ArticleDraft draft) {
        var faults = new ArrayList<Invalid>();
        // All constraints define their messages, because default messages are read from a file, which may block an
        // event loop.
        for (var violation : validator.validate(draft)) {
            faults.add(new Invalid(
                    violation.getPropertyPath().toString().replace(".<list element>", ""), violation.getMessage()));
        }
        text(faults, "title", draft.title());
        text(faults, "summary", draft.summary());
        text(faults, "body", draft.body());
        text(faults, "author", draft.author());
        text(faults, "source", draft.source());
        if (draft.tags() != null && draft.tags().size() > maxTags) {
            faults.add(new Invalid("tags", "must have at most " + maxTags + " elements"));
        }
        for (var tag : Objects.requireNonNullElse(draft.tags(), List.<String>of())) {
            text(faults, "tags", tag);
        }
        url(faults, "canonicalUrl", draft.canonicalUrl());
        url(faults, "image", draft.image());
        for (var attachment : Objects.requireNonNullElse(draft.attachments(), List.<Attachment>of())) {
            url(faults, "attachments.url", attachment.url());
            text(faults, "attachments.type", attachment.type());
            text(faults, "attachments.title", attachment.title());
        }
        if (draft.language() != null && LanguageTag.canonical(draft.language()) == null) {
            faults.add(new Invalid("language", "must be a BCP 47 tag such as en or pt-BR"));
        }
        var time = draft.publishedAt();
        if (time != null && (time.isBefore(MIN_TIME) || time.isAfter(MAX_TIME))) {
            faults.add(new Invalid("publishedAt", "must be in the years 1 to 9999"));
        }
        faults.sort(Comparator.comparing(Invalid::field));
        return faults.stream().distinct().toList();
    }

    /** Returns an absolute http or https URL in its normal form; null if the text is not one. */
    static @Nullable String url(String text) {
        try {
            var url = new URI(text.strip()).toString();
            return WebAddress.of(url, "");
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Returns whether a text can be stored: it has no U+0000 and no unpaired surrogate. */
    static boolean isText(String text) {
        return text.codePoints()
                .noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    private static void url(List<Invalid> faults, String field, @Nullable String url) {
        if (url != null && url(url) == null) {
            faults.add(new Invalid(
                    field, "must be an absolute http or https URL of up to 2000 characters, percent-encoded"));
        }
    }

    private static void text(List<Invalid> faults, String field, @Nullable String text) {
        if (text != null && !isText(text)) {
            faults.add(new Invalid(field, "must not contain U+0000 or unpaired surrogates"));
        }
    }
}
