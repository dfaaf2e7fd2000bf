package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.ValueSource;

/** Any value of {@code since} is a position in the log or a problem. */
@Timeout(600)
class StartPositionFuzzTests {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @ValueSource(
            strings = {
                "1-5",
                "earliest",
                "latest",
                "PT15M",
                "P-1D",
                "PT-0.000000001S",
                "P106751991167300D",
                "PT9223372036854775807S",
                "PT-9223372036854775808S",
                "2026-01-31T12:00:00 01:00",
                "-999999999-01-01T00:00:00+18:00",
                "+999999999-12-31T23:59:59-18:00",
                "P",
                "\0"
            })
    @FuzzTest
    void parameter(@NotNull String text) {
        try {
            var start = StartPosition.parse(null, "", "", text, NOW);
            switch (start) {
                case StartPosition.AfterCursor after ->
                    assertThat(after.cursor()).isEqualTo(Cursor.parse(text));
                // The range of PostgreSQL's timestamps.
                case StartPosition.AtTime at ->
                    assertThat(at.time()).isBetween(Instant.parse("0001-01-01T00:00:00Z"), NOW);
                case StartPosition.Earliest earliest -> assertThat(text).isNotBlank();
                case StartPosition.Latest latest -> {
                    // No value, or a time in the future.
                }
                case StartPosition.UnknownCursor unknown ->
                    throw new AssertionError("An invalid parameter must be a problem");
            }
        } catch (ProblemException e) {
            assertThat(e.problem()).isEqualTo(Problem.INVALID_CURSOR);
        }
    }

    @ValueSource(strings = {"1-5", " 1-5 ", "earliest", "\0", "é"})
    @FuzzTest
    void lastEventId(@NotNull String text) {
        // A browser would not reconnect after an error, so there is no error.
        var start = StartPosition.parse(text, "", "", "1-1", NOW);
        var cursor = Cursor.parse(text.strip());
        assertThat(start)
                .isEqualTo(
                        text.isBlank()
                                ? new StartPosition.AfterCursor(Objects.requireNonNull(Cursor.parse("1-1")))
                                : cursor == null
                                        ? new StartPosition.UnknownCursor()
                                        : new StartPosition.AfterCursor(cursor));
    }
}
