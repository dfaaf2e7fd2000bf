package dev.freshet.read.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches that no article can match are invalid requests, as pages and as streams. */
class SearchSyntaxTests {

    private final Freshet instance = Freshet.shared(Map.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"-heron | only excludes", "the | too common", "--- | no word", "he* | at least 3 letters"})
    void searchWithoutWordIsRefusedWithTheReason(String q, String reason) {
        for (var format : new String[] {"json", "sse", "ndjson", "atom"}) {
            var answer = instance.get(path(q, format));
            assertThat(answer.code()).as(answer.body()).isEqualTo(400);
            assertThat(answer.text("detail")).contains(reason);
        }
        assertThat(instance.get("/?q=" + URLEncoder.encode(q, StandardCharsets.UTF_8))
                        .code())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "---------------x",
                "x -b -c -d -e -f -g -h -i -j -k -l -m -n -o -p -q -r -s -t -u",
                "x-b--c",
                "- x",
                "((((((((x | & ! :* <-> 'x \\ \\' y",
                "title:heron her* \"a heron\" or otter",
                "漢字 ภาษาไทย עברית العربية हिन्दी ελληνικά"
            })
    void otherSearchesAreAnswered(String q) {
        for (var format : new String[] {"json", "ndjson", "atom"}) {
            assertThat(instance.get(path(q, format)).code()).isEqualTo(200);
        }
    }

    private static String path(String q, String format) {
        return "/api/v1/articles?follow=false&since=earliest&format=" + format + "&q="
                + URLEncoder.encode(q, StandardCharsets.UTF_8);
    }
}
