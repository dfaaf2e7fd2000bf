package dev.freshet.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.util.LinkedMultiValueMap;

/** The languages that select articles. */
class LanguagesTests {

    @ParameterizedTest
    @CsvSource({
        "en, en, true",
        "en, en-GB, true",
        "EN, en-gb, true",
        "en-US, en, true",
        "en-GB, en, false",
        "en-GB, en-GB-oxendict, true",
        "en, enm, false",
        "de-DE, de-Latn-DE, true",
        "de-DE, de-Latn-DE-1996, true",
        "de-DE, de-x-DE, false",
        "de-DE, de-Deva, false",
        "zh-TW, zh-Hant-TW, true",
        "zh-Hant, zh-Hans-CN, false",
        "iw, he, true",
        "und, en, false"
    })
    void languageSelectsItsVariants(String range, String language, boolean selected) {
        var key = new Languages(List.of(language), List.of()).any().getFirst();

        var any = new Languages(List.of(range), List.of());
        assertThat(any.contain(key)).isEqualTo(selected);
        assertThat(new Languages(List.of(), List.of(range)).contain(key)).isEqualTo(!selected);
        assertThat(Pattern.compile(Languages.patterns(any.any())[0])
                        .matcher(key)
                        .find())
                .as("pattern")
                .isEqualTo(selected);
    }

    @Test
    void articleWithoutLanguage_isInFeedsOfAllLanguages() {
        assertThat(new Languages(List.of("de"), List.of("en")).contain(null)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"en_GB", "German language", "e", "en-", "-", "*"})
    void invalidTag_isReportedWithItsForm(String language) {
        var parameters = new LinkedMultiValueMap<String, String>();
        parameters.add("not.language", language);

        assertThatThrownBy(
                        () -> FeedParameters.of(parameters, HttpHeaders.EMPTY).feed(new FeedSettings(20, 20)))
                .hasMessageContaining("not.language must be a language tag (BCP 47) such as en or pt-BR");
    }
}
