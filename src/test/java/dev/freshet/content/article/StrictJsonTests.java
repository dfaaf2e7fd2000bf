package dev.freshet.content.article;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Each way in which the reader is stricter than Jackson. */
class StrictJsonTests {

    private static final StrictJson JSON = new StrictJson(JsonMapper.shared());

    private enum Color {
        RED,
        GREEN
    }

    private record Sample(
            @Nullable String text,
            @Nullable Instant time,
            @Nullable Color color,
            @Nullable List<String> tags) {}

    @Test
    void validObjectIsRead() {
        assertThat(read("{'text': 'a', 'time': '2026-01-31T12:00:00+01:00', 'color': 'GREEN', 'tags': ['b']}"))
                .isEqualTo(new Sample("a", Instant.parse("2026-01-31T11:00:00Z"), Color.GREEN, List.of("b")));
    }

    @Test
    void duplicateFieldIsRefused() {
        assertFault("{'text': 'a', 'text': 'b'}", "is not valid JSON: ");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '|', textBlock = """
            {'text': 'a'} {}
            {'text': 'a'} x
            {'text': 'a'}]
            """)
    void textAfterTheObjectIsRefused(String json) {
        assertFault(json, "is not valid JSON: ");
    }

    @Test
    void unknownFieldIsRefusedUnlessIgnored() {
        assertFault("{'txt': 'a'}", "txt is not a field of this request; known fields are color, tags, text, time");

        assertThat(JSON.readKnown(JSON.parse(bytes("{'txt': 'a', 'text': 'b'}")), Sample.class)
                        .text())
                .isEqualTo("b");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '|', textBlock = """
            {'text': 1}         | text must be text, but is a number
            {'text': 1.5}       | text must be text, but is a number
            {'text': true}      | text must be text, but is a boolean
            {'tags': ['a', 2]}  | tags[1] must be text, but is a number
            """)
    void otherValuesAreNotConvertedToText(String json, String message) {
        assertFault(json, message);
    }

    @Test
    void numberIsNotConvertedToAnEnum() {
        assertFault("{'color': 1}", "color must be one of RED, GREEN, but is a number");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '|', textBlock = """
            {'time': 1769860800}             | time must be a time such as 2026-01-31T12:00:00Z, but is a number
            {'time': 1769860800.5}           | time must be a time such as 2026-01-31T12:00:00Z, but is a number
            {'time': '1769860800'}           | time must be a time such as 2026-01-31T12:00:00Z, but is "1769860800"
            {'time': '2026-01-31T12:00:00'}  | time must be a time such as 2026-01-31T12:00:00Z, but is "2026-01-31T12:00:00"
            {'time': ''}                     | time must be a time such as 2026-01-31T12:00:00Z, but is ""
            """)
    void timeIsTextWithAnOffset(String json, String message) {
        assertFault(json, message);
    }

    @ParameterizedTest
    @CsvSource({"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
    void otherEncodingThanUtf8IsRefused(String encoding) {
        assertFault("{'text': 'a'}".replace('\'', '"').getBytes(Charset.forName(encoding)), "is not valid JSON: ");
    }

    @Test
    void malformedUtf8IsRefused() {
        assertFault("{\"text\": \"ä\"}".getBytes(StandardCharsets.ISO_8859_1), "is not UTF-8 at byte 11");
    }

    @ParameterizedTest
    @CsvSource({"[], an array", "1, a number", "true, a boolean", "null, null"})
    void valueThatIsNoObjectIsRefused(String json, String type) {
        assertFault(json, "the JSON must be an object, but is " + type);
    }

    private static Sample read(String json) {
        return JSON.read(JSON.parse(bytes(json)), Sample.class);
    }

    private static void assertFault(String json, String reason) {
        assertFault(bytes(json), reason);
    }

    private static void assertFault(byte[] json, String reason) {
        assertThatExceptionOfType(StrictJson.FaultException.class)
                .isThrownBy(() -> JSON.read(JSON.parse(json), Sample.class))
                .satisfies(fault -> assertThat(fault.reason()).startsWith(reason));
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
