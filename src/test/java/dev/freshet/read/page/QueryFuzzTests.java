package dev.freshet.read.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.freshet.feed.FeedKind;
import dev.freshet.feed.FeedParameters;
import dev.freshet.feed.FeedSettings;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.QueryParameters;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

/**
 * Any query and headers of a page request are parsed or refused with a problem. A parsed query that the server writes and
 * parses again means the same.
 */
@Timeout(600)
class QueryFuzzTests {

    private static final PageRequestParser PARSER = new PageRequestParser(null);

    private static final PageKey KEY =
            new PageKey(Instant.parse("2026-01-31T12:00:00.123456Z"), new UUID(0x0190_0000_0000_7000L, 7), 0.25f);

    @ValueSource(strings = {"1-5", "fffffffff-999999999999999999", "0-0", "-1-1", "1-٣", "1-1\n", "0x1-1"})
    @FuzzTest
    void cursor(@NotNull String text) {
        var cursor = Cursor.parse(text);
        if (cursor != null) {
            assertThat(Cursor.parse(cursor.toString())).isEqualTo(cursor);
            assertThat(cursor.toString()).matches("[0-9a-f]+-[0-9]+");
        }
    }

    static Stream<String> keys() {
        return Stream.of(KEY.toString(), KEY + "=", KEY.toString().substring(1), "f" + "_".repeat(37), "A".repeat(38));
    }

    @MethodSource("keys")
    @FuzzTest
    void pageKey(@NotNull String text) {
        var key = PageKey.parse(text);
        if (key != null) {
            assertThat(PageKey.parse(key.toString())).isEqualTo(key);
            // The range of PostgreSQL's timestamps.
            assertThat(key.publishedAt()).isBetween("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z");
            assertThat(key.rank()).isFinite();
        }
    }

    static Stream<String> directoryKeys() {
        return Stream.of(
                new DirectoryKey(12, FeedKind.TAG, "a b ü 😀").toString(),
                new DirectoryKey(Long.MIN_VALUE, FeedKind.SOURCE, "").toString(),
                "MSB0YWcgAA",
                "/w");
    }

    @MethodSource("directoryKeys")
    @FuzzTest
    void directoryKey(@NotNull String text) {
        var key = DirectoryKey.parse(text);
        if (key != null) {
            assertThat(DirectoryKey.parse(key.toString())).isEqualTo(key);
            assertThat(key.key()).doesNotContain("\0");
        }
    }

    @ValueSource(strings = {"", "full", "title,tags,title", "title,", ",", " title", "body,html,id", "keys"})
    @FuzzTest
    void fields(@NotNull String text) {
        var fields = read(() -> Fields.parse(text));
        if (fields != null) {
            assertThat(Fields.parse(fields.toString())).isEqualTo(fields);
            assertThat(Fields.FULL.names()).containsSubsequence(fields.names());
        }
    }

    @ValueSource(strings = {"\"1-5.json-b1\"", "W/\"1-5.json-b1.gzip\", *", "\"", "\"\"\"\"", "*", "\"1-5.a\",\"x\""})
    @FuzzTest
    void ifNoneMatch(@NotNull String text) {
        var headers = new HttpHeaders();
        headers.add(HttpHeaders.IF_NONE_MATCH, text);
        for (var listed : new Preconditions(headers).tags()) {
            var tag = PageTag.parse(listed);
            if (tag != null) {
                assertThat(PageTag.parse(tag.toString())).isEqualTo(tag);
            }
        }
    }

    @ValueSource(
            strings = {
                "application/json",
                "text/event-stream;q=0.5, */*;q=0.1",
                "application/*+xml",
                "a/b;q=2",
                "text/html;charset=?",
                ",,,",
                "*",
                "a/b;c=\"d,e\""
            })
    @FuzzTest
    void accept(@NotNull String text) {
        var headers = new HttpHeaders();
        headers.add(HttpHeaders.ACCEPT, text);
        var representation = read(
                () -> FeedParameters.of(QueryParameters.parse(null), headers).representation());
        assertThat(representation)
                .isIn(Stream.concat(Representation.OF_FEEDS.stream(), Stream.of((Object) null))
                        .toList());
    }

    static Stream<String> queries() {
        return Stream.of(
                "tag=News&author=a%20b&source=c+d&q=%22x+y%22+-z&limit=5&fields=full&before=" + KEY,
                "format=atom&tag=%00",
                "tag=%C4%B0&tag=b",
                "tag=%e2%84%aa",
                "=&&=x&tag",
                "q=%zz",
                "limit=0200",
                "limit=+2",
                "tag=" + "%C4%B0".repeat(500),
                "cursor=1-1&q=" + "a".repeat(500));
    }

    @MethodSource("queries")
    @FuzzTest
    void query(@NotNull String text) {
        var parsed = read(() -> parse(text));
        if (parsed != null && !parsed.representation().isStream()) {
            var address = parsed.address();
            assertThat(address).startsWith(PageQuery.PATH).isPrintable().isASCII();
            assertThat(parse(address.substring(Math.min(address.length(), PageQuery.PATH.length() + 1))))
                    .isEqualTo(parsed);
        }
    }

    private static Query parse(String query) {
        var parameters = parameters(query);
        return PARSER.feed(parameters, parameters.feed(new FeedSettings(20, 20)), parameters.representation(), () -> "")
                .query();
    }

    static Stream<String> directoryQueries() {
        return Stream.of("kind=tag&limit=3&after=" + new DirectoryKey(1, FeedKind.TAG, "x"), "format=opml", "kind=x");
    }

    @MethodSource("directoryQueries")
    @FuzzTest
    void directory(@NotNull String text) {
        var parsed = read(() -> parseDirectory(text));
        if (parsed != null) {
            var address = parsed.address();
            assertThat(parseDirectory(address.substring(Math.min(address.length(), DirectoryQuery.PATH.length() + 1))))
                    .isEqualTo(parsed);
        }
    }

    private static Query parseDirectory(String query) {
        return PARSER.directory(parameters(query), () -> "").query();
    }

    private static FeedParameters parameters(String query) {
        try {
            return FeedParameters.of(QueryParameters.parse(new URI("/?" + query).getRawQuery()), new HttpHeaders());
        } catch (URISyntaxException noAddress) {
            throw Problem.INVALID_REQUEST.because("The web server refuses it.");
        }
    }

    private interface Reading<T> {
        T read();
    }

    /** Returns the parsed query, or null if it is refused with a problem. */
    private static <T> @Nullable T read(Reading<T> reading) {
        try {
            return reading.read();
        } catch (ProblemException refusal) {
            assertThat(List.of(400, 406)).contains(refusal.getStatusCode().value());
            return null;
        }
    }
}
