package dev.freshet.content.format;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times of feeds in every form that feed readers accept: RFC 3339 and W3C-DTF, RFC 822 and its variants,
 * asctime, Unix time, and dates without a time. A time without a zone is in UTC, and a date without a time is its
 * midnight.
 */
final class FeedTimes {

    private static final int MAX_LENGTH = 100;
    private static final int MIN_YEAR = 1;
    private static final int MAX_YEAR = 9999;

    private static final Pattern NUMERIC = Pattern.compile(
            "(?<year>\\d{4}|\\d{2}(?=-))(?:-?(?<month>\\d{2})(?:-?(?<day>\\d{2}))?|-?(?<ordinal>\\d{3}))?"
                    + "(?:(?:\\s*t\\s*|\\s+)(?<time>\\d{1,2}(?::?\\d{2}){0,2}(?:[.,]\\d+)?)\\s*(?<zone>.*))?");
    /** Forms of ISO 8601 with years of two digits. */
    private static final Pattern SHORT_YEAR = Pattern.compile("-(\\d{2})-?(\\d{2})|(\\d{2})(\\d{2})(\\d{2})");

    private static final Pattern SHORT_YEAR_AND_DAY = Pattern.compile("(\\d{2})(\\d{3})");
    private static final Pattern YEAR_AND_MONTH = Pattern.compile("(19|20)\\d{2}(0[1-9]|1[0-2])");
    private static final Pattern UNIX = Pattern.compile("(\\d{9,10})(\\d{3})?");
    private static final Pattern YEAR_MONTH_DAY =
            Pattern.compile("(\\d{4})\\D{1,3}(\\d{1,2})\\D{1,3}(\\d{1,2})(?!\\d)\\D?(.*)");
    private static final Pattern DAY_MONTH_YEAR =
            Pattern.compile("(\\d{1,2})([./ -])(\\d{1,2})\\2(\\d{4}|(?<! )\\d{2})(?!\\d)\\D?(.*)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,2}):?(\\d{1,2})?(?::?(\\d{1,2}))?(?:[.,](\\d+))?(z?)");
    private static final Pattern CLOCK = Pattern.compile("\\d{1,2}:\\d{1,2}(:\\d{1,2})?([.,]\\d+)?z?");
    private static final Pattern JOINED_WORDS = Pattern.compile("(?<=\\d|\\p{L})-(?=\\p{L})|(?<=\\p{L})[-.](?=\\d)");

    private FeedTimes() {}

    /** Returns the instant; null if the text is not a time in the years 1 to 9999. */
    static @Nullable Instant parse(String text) {
        if (text.strip().length() > MAX_LENGTH) {
            return null;
        }
        var plain = plain(text);
        // The name of a weekday may be that of a month in another language.
        var withoutWeekday = plain.replaceFirst("^\\p{L}+\\.?,\\s*|^\\p{L}+ (?=\\d)", "");
        return Stream.of(withoutWeekday, plain)
                .distinct()
                .map(FeedTimes::parsePlain)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Brings what publishers vary into one form: case, spaces, comments, a.m. and p.m., and zones beside the time. */
    private static String plain(String text) {
        return text.replaceAll("\\([^)]*\\)", "")
                .replaceAll("\\s+", " ")
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("(?<=\\d) ?([ap])\\.? ?m\\.?(?!\\p{L})", " $1m")
                .replaceAll("(?<!\\p{L})(?:gmt|utc?) ?([+-] ?\\d)", " $1")
                .replaceAll("(?<=:\\d{2})([+-]\\d)", " $1")
                .replaceFirst("^(\\d{4})-0(\\d{2})-(\\d{2})(?!\\d)", "$1-$2-$3");
    }

    private static @Nullable Instant parsePlain(String text) {
        try {
            var time = numeric(text);
            return time == null ? words(text) : time;
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Instant numeric(String text) {
        var unix = UNIX.matcher(text);
        if (unix.matches()) {
            return Instant.ofEpochSecond(Long.parseLong(unix.group(1)));
        }
        var shortYear = shortYear(text);
        if (shortYear != null) {
            return instant(shortYear, null, "", text);
        }
        var parts = NUMERIC.matcher(text);
        if (parts.matches()) {
            var zone = Objects.requireNonNullElse(parts.group("zone"), "");
            return instant(date(parts), parts.group("time"), zone, text);
        }
        var yearFirst = YEAR_MONTH_DAY.matcher(text);
        if (yearFirst.matches()) {
            var date = date(number(yearFirst.group(1)), number(yearFirst.group(2)), number(yearFirst.group(3)));
            return instantAt(date, yearFirst.group(4), text);
        }
        var yearLast = DAY_MONTH_YEAR.matcher(text);
        if (!yearLast.matches()) {
            return null;
        }
        var first = number(yearLast.group(1));
        var second = number(yearLast.group(3));
        // With slashes, the month comes first unless it cannot be one.
        var isMonthFirst = yearLast.group(2).equals("/") && first <= 12;
        var year = year(yearLast.group(4));
        return instantAt(isMonthFirst ? date(year, first, second) : date(year, second, first), yearLast.group(5), text);
    }

    private static @Nullable LocalDate shortYear(String text) {
        var ordinal = SHORT_YEAR_AND_DAY.matcher(text);
        if (ordinal.matches()) {
            return LocalDate.ofYearDay(year(ordinal.group(1)), number(ordinal.group(2)));
        }
        var date = SHORT_YEAR.matcher(text);
        if (!date.matches() || YEAR_AND_MONTH.matcher(text).matches()) {
            return null;
        }
        return date.group(1) != null
                ? date(year(date.group(1)), number(date.group(2)), 1)
                : date(year(date.group(3)), number(date.group(4)), number(date.group(5)));
    }

    /** Returns a date at the clock time that the rest of the text contains, or at midnight. */
    private static Instant instantAt(LocalDate date, String rest, String text) {
        var clock = CLOCK.matcher(rest);
        if (!clock.find()) {
            if (rest.chars().anyMatch(Character::isDigit)) {
                throw new DateTimeException("Not a time: " + rest);
            }
            return instant(date, null, "", text);
        }
        var zone = rest.substring(clock.end()).strip();
        var half = rest.contains("오후") || zone.startsWith("pm") ? "pm" : zone.startsWith("am") ? "am" : "";
        return instant(date, ofDay(clock.group(), half), zone.replaceFirst("^[ap]m\\s*", ""), text);
    }

    private static LocalDate date(Matcher parts) {
        var year = year(parts.group("year"));
        if (parts.group("ordinal") != null) {
            return LocalDate.ofYearDay(year, number(parts.group("ordinal")));
        }
        var month = parts.group("month") == null ? 1 : number(parts.group("month"));
        return date(year, month, parts.group("day") == null ? 1 : number(parts.group("day")));
    }

    /** Reads a date with the name of its month. The other parts may stand in any order. */
    private static @Nullable Instant words(String text) {
        @Nullable Integer month = null;
        @Nullable String day = null;
        @Nullable String year = null;
        @Nullable String time = null;
        var zone = "";
        var half = "";
        var words = JOINED_WORDS
                .matcher(text.replaceAll("(?<=\\d)t(?=\\d)", " "))
                .replaceAll(" ")
                .split("[\\s,]+", -1);
        for (var word : words) {
            if (time == null && CLOCK.matcher(word).matches()) {
                time = word;
            } else if (word.matches("\\d{1,4}(st|nd|rd|th)?\\.?")) {
                var digits = word.replaceAll("\\D", "");
                if (day == null && digits.length() <= 2) {
                    day = digits;
                } else if (year == null) {
                    year = digits;
                }
            } else if (month == null && TimeNames.month(word) != null) {
                month = TimeNames.month(word);
            } else if (time != null && (word.equals("pm") || word.equals("am"))) {
                half = word;
            } else if (time != null && zone.isEmpty()) {
                zone = word;
            } else if (word.contains(":")) {
                throw new DateTimeException("Not a time: " + word);
            }
        }
        if (month == null || year == null || (day == null && words.length > 2)) {
            return null;
        }
        var date = date(year(year), month, day == null ? 1 : number(day));
        return instant(date, time == null ? null : ofDay(time, half), zone, text);
    }

    /** Returns a clock time of 24 hours. */
    private static String ofDay(String clock, String half) {
        var hours = number(clock.substring(0, clock.indexOf(':')));
        if (half.isEmpty() || hours > 12) {
            return clock;
        }
        return hours % 12 + (half.equals("pm") ? 12 : 0) + clock.substring(clock.indexOf(':'));
    }

    private static LocalDate date(int year, int month, int day) {
        return LocalDate.of(year, month, day);
    }

    /** @param text the whole text, whose script names the zone if nothing else does */
    private static Instant instant(LocalDate date, @Nullable String time, String zone, String text) {
        var start = date.atStartOfDay();
        if (time != null) {
            var parts = TIME.matcher(time);
            if (!parts.matches()) {
                throw new DateTimeException("Not a time: " + time);
            }
            var hours = number(parts.group(1));
            var minutes = parts.group(2) == null ? 0 : number(parts.group(2));
            var seconds = parts.group(3) == null ? 0 : number(parts.group(3));
            if (hours > 24 || minutes > 59 || seconds > 60) {
                throw new DateTimeException("Not a time: " + time);
            }
            // A leap second and 24:00 belong to the next minute and day.
            start = start.plusHours(hours)
                    .plusMinutes(minutes)
                    .plusSeconds(seconds)
                    .plusNanos(nanos(parts.group(4)));
        }
        var instant = time == null ? start.toInstant(ZoneOffset.UTC) : TimeNames.instant(start, zone, text);
        var year = instant.atOffset(ZoneOffset.UTC).getYear();
        if (year < MIN_YEAR || year > MAX_YEAR) {
            throw new DateTimeException("Out of range");
        }
        return instant;
    }

    private static long nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Long.parseLong((fraction + "000000000").substring(0, 9));
    }

    private static int year(String digits) {
        var year = number(digits);
        // RFC 2822, section 4.3.
        return switch (digits.length()) {
            case 1, 2 -> year < 50 ? 2000 + year : 1900 + year;
            case 3 -> 1900 + year;
            default -> year;
        };
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
