package dev.freshet.content.article;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.freshet.platform.LanguageTag;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.http.ETag;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Any draft that an author sends is either stored or refused with a problem that names the reason. */
@Timeout(600)
class DraftFuzzTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();
    private static final ArticleSettings SETTINGS =
            new Binder(new MapConfigurationPropertySource()).bindOrCreate("freshet", ArticleSettings.class);
    private static final DraftReader READER =
            new DraftReader(new StrictJson(JSON), new DraftValidator(VALIDATOR, SETTINGS));

    @ValueSource(
            strings = {
                "{\"title\": \"T\", \"slug\": \"a-b\", \"tags\": [\"News\", \"news\"], \"status\": \"published\"}",
                "{\"title\": \"T\", \"publishedAt\": \"2030-01-01T12:00:00.123456789+01:00\"}",
                "{\"title\": \"T\", \"publishedAt\": \"-999999999-01-01T00:00:00Z\"}",
                "{\"title\": \"T\", \"canonicalUrl\": \"https://ü.example/ö?ä#ß\", \"language\": \"EN-us\"}",
                "{\"title\": \"T\", \"canonicalUrl\": \"http://[::1%25a]/\"}",
                "{\"title\": \"\\ud800\"}",
                "{\"title\": null, \"tags\": null}",
                "{\"title\": 1e999999999}",
                "[[[[",
                "{\"a\":{\"a\":{\"a\":1}}}",
                "",
                "nul"
            })
    @FuzzTest
    void draft(@NotNull String text) {
        var json = json(text);
        if (json == null) {
            return;
        }
        try {
            var draft = READER.read(json);
            assertThat(storable(draft.title())).isNotBlank();
            storable(draft.body());
            storable(draft.author());
            if (draft.canonicalUrl() != null) {
                var url = DraftValidator.url(draft.canonicalUrl());
                assertThat(url).isNotNull().isASCII();
                assertThat(url.toLowerCase(Locale.ROOT)).startsWith("http");
                assertThat(DraftValidator.url(url)).isEqualTo(url);
            }
            if (draft.language() != null) {
                var language = LanguageTag.canonical(draft.language());
                assertThat(language).isNotNull();
                assertThat(LanguageTag.canonical(language)).isEqualTo(language);
            }
            if (draft.publishedAt() != null) {
                assertThat(draft.publishedAt())
                        .isBetween(Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59Z"));
            }
            // A written draft reads the same, and an empty patch changes nothing.
            assertThat(READER.read(JSON.valueToTree(draft))).isEqualTo(draft);
            assertThat(READER.merge(JSON.valueToTree(draft), JSON.createObjectNode()))
                    .isEqualTo(draft);
            assertThat(READER.digest(draft)).hasSize(64);
        } catch (ProblemException refusal) {
            assertThat(refusal.problem()).isEqualTo(Problem.INVALID_REQUEST);
        } catch (JacksonException refusal) {
            // The package problem responds to this exception with its message.
            assertThat(refusal.getOriginalMessage()).isNotEmpty();
        }
    }

    @ValueSource(strings = {"{\"title\": null}", "{\"title\": {\"a\": []}}", "[]", "{\"tags\": []}", "{\"x\": 1}"})
    @FuzzTest
    void patch(@NotNull String text) {
        var json = json(text);
        var draft = new ArticleDraft(
                "T", "t", "s", "b", List.of("a"), "ann", "s", null, "en", null, Status.DRAFT, null, null);
        if (json == null) {
            return;
        }
        try {
            assertThat(READER.merge(JSON.valueToTree(draft), json).title()).isNotBlank();
        } catch (ProblemException refusal) {
            assertThat(refusal.problem()).isEqualTo(Problem.INVALID_REQUEST);
        } catch (JacksonException refusal) {
            assertThat(refusal.getOriginalMessage()).isNotEmpty();
        }
    }

    @ValueSource(strings = {"\"1\"", "W/\"1\"", "*", "\"1\", \"2\"", "1", "\"", ",", "\"a\"b\"", "*, \"1\"", ""})
    @FuzzTest
    void ifMatch(@NotNull String text) {
        try {
            var tags = IfMatch.parse(text).tags();
            assertThat(tags).isNotEmpty();
            for (var tag : tags) {
                assertThat(ETag.parse(tag.formattedTag())).containsExactly(tag);
            }
        } catch (ProblemException refusal) {
            assertThat(refusal.problem()).isEqualTo(Problem.INVALID_REQUEST);
        }
    }

    private static String storable(@Nullable String text) {
        assertThat(text == null || DraftValidator.isText(text)).isTrue();
        return String.valueOf(text);
    }

    /** Parses a body like the web server; returns null for invalid JSON. */
    private static @Nullable JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException refusal) {
            return null;
        }
    }
}
