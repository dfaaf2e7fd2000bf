package dev.freshet.read.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches that PostgreSQL cannot parse are invalid requests, as pages and as streams. */
class SearchSyntaxTests {

    private final Freshet instance = Freshet.shared(Map.of());

    @ParameterizedTest
    @ValueSource(strings = {"-", "- ", "-(", "- \t-!"})
    void manyHyphensAreRefused(String part) {
        for (var format : new String[] {"json", "sse", "ndjson", "atom"}) {
            var answer = instance.get(path(part.repeat(430 / part.length()) + "a", format));
            assertThat(answer.code()).as(answer.body()).isEqualTo(400);
            assertThat(answer.text("detail")).contains("hyphens");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"---------------a", "a -b -c -d -e -f -g -h -i -j -k -l -m -n -o -p -q -r -s -t -u", "a-b--c"})
    void exclusionsAndHyphensInTextAreSearched(String q) {
        assertThat(instance.get(path(q, "json")).code()).isEqualTo(200);
    }

    private static String path(String q, String format) {
        return "/api/v1/articles?follow=false&format=" + format + "&q=" + URLEncoder.encode(q, StandardCharsets.UTF_8);
    }
}
