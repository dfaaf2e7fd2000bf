package dev.freshet.content.source;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The time between polls as owners write it: {@code adaptive}, or a duration such as {@code PT1H}. */
final class IntervalText {

    static final String ADAPTIVE = "adaptive";
    private static final Duration MAX = Duration.ofDays(30);

    private IntervalText() {}

    /** Returns the fault of a text; null if it is valid. */
    static @Nullable String fault(String text, Duration min) {
        if (isAdaptive(text)) {
            return null;
        }
        var duration = parse(text);
        return duration == null || duration.compareTo(min) < 0 || duration.compareTo(MAX) > 0
                ? "must be adaptive, or a duration from " + min + " to P30D such as PT1H"
                : null;
    }

    /** Returns the seconds of a valid text; null for adaptive. */
    static @Nullable Long seconds(String text) {
        var duration = isAdaptive(text) ? null : parse(text);
        return duration == null ? null : Long.valueOf(Math.max(1, duration.toSeconds()));
    }

    /** Returns the text of stored seconds; null is adaptive. */
    static String of(@Nullable Long seconds) {
        return seconds == null ? ADAPTIVE : Duration.ofSeconds(seconds).toString();
    }

    private static boolean isAdaptive(String text) {
        return text.strip().toLowerCase(Locale.ROOT).equals(ADAPTIVE);
    }

    private static @Nullable Duration parse(String text) {
        try {
            return Duration.parse(text.strip());
        } catch (DateTimeException e) {
            return null;
        }
    }
}
