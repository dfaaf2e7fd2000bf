package dev.freshet.content.intake;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times of feeds in every form that feed readers accept: RFC 3339 and W3C-DTF, RFC 822 and its variants,
 * asctime, and dates without a time. A time without a zone is in UTC, and a date without a time is its midnight.
 */
final class FeedTimes {

    private static final int MAX_LENGTH = 100;
    private static final int MIN_YEAR = 1;
    private static final int MAX_YEAR = 9999;

    private static final Pattern NUMERIC = Pattern.compile(
            "(?<year>\\d{4}|\\d{2}(?=-))(?:-?(?<month>\\d{2})(?:-?(?<day>\\d{2}))?|-?(?<ordinal>\\d{3}))?"
                    + "(?:(?:\\s*t\\s*|\\s+)(?<time>\\d{1,2}(?::?\\d{2}){0,2}(?:[.,]\\d+)?)\\s*(?<zone>.*))?");
    private static final Pattern YEAR_MONTH_DAY =
            Pattern.compile("(\\d{4})\\D{1,3}(\\d{1,2})\\D{1,3}(\\d{1,2})(?!\\d)\\D?(.*)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,2}):?(\\d{1,2})?(?::?(\\d{1,2}))?(?:[.,](\\d+))?(z?)");
    private static final Pattern CLOCK = Pattern.compile("\\d{1,2}:\\d{1,2}(:\\d{1,2})?([.,]\\d+)?z?");
    private static final Pattern OFFSET =
            Pattern.compile("(?:etc/)?(?:gmt|utc?)?\\s*([+-])\\s*(\\d{1,2})(?::?(\\d{2}))?");
    private static final Pattern DAY_MONTH_YEAR =
            Pattern.compile("(\\d{1,2})([./-])(\\d{1,2})\\2(\\d{4})(?!\\d)\\D?(.*)");
    private static final Pattern JOINED_WORDS = Pattern.compile("(?<=\\d|\\p{L})-(?=\\p{L})|(?<=\\p{L})[-.](?=\\d)");

    private static final Map<String, Integer> MONTHS = months();
    private static final Map<String, Integer> ZONES = Stream.of(
                    "ut 0 utc 0 gmt 0 z 0 wet 0 a -60 m -720 n 60 y 720",
                    "est -300 edt -240 cst -360 cdt -300 mst -420 mdt -360 pst -480 pdt -420 akst -540 akdt -480",
                    "hst -600 ast -240 adt -180 nst -210 ndt -150 brt -180 art -180 clt -240",
                    "bst 60 west 60 cet 60 mez 60 met 60 cest 120 mesz 120 mest 120 eet 120 eest 180 msk 180 msd 240",
                    "sast 120 ist 330 sgt 480 hkt 480 awst 480 jst 540 kst 540 acst 570 aest 600 aedt 660 nzst 720 nzdt 780")
            .flatMap(line -> Pattern.compile("(\\w+) (-?\\d+)").matcher(line).results())
            .collect(Collectors.toUnmodifiableMap(zone -> zone.group(1), zone -> Integer.valueOf(zone.group(2))));

    private FeedTimes() {}

    /** Returns the instant; null if the text is not a time in the years 1 to 9999. */
    static @Nullable Instant parse(String text) {
        var plain = text.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\s+", " ")
                .replaceFirst("^\\p{L}+[.,]* (?=\\d{4}[-/])", "");
        if (plain.length() > MAX_LENGTH) {
            return null;
        }
        try {
            var time = numeric(plain);
            return time == null ? words(plain) : time;
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Instant numeric(String text) {
        var parts = NUMERIC.matcher(text);
        if (parts.matches()) {
            return instant(date(parts), parts.group("time"), parts.group("zone"));
        }
        var yearFirst = YEAR_MONTH_DAY.matcher(text);
        if (yearFirst.matches()) {
            var date = date(number(yearFirst.group(1)), number(yearFirst.group(2)), number(yearFirst.group(3)));
            return instant(date, yearFirst.group(4));
        }
        var yearLast = DAY_MONTH_YEAR.matcher(text);
        if (!yearLast.matches()) {
            return null;
        }
        var first = number(yearLast.group(1));
        var second = number(yearLast.group(3));
        // With slashes, the month comes first unless it cannot be one.
        var isMonthFirst = yearLast.group(2).equals("/") && first <= 12;
        var year = number(yearLast.group(4));
        return instant(isMonthFirst ? date(year, first, second) : date(year, second, first), yearLast.group(5));
    }

    /** Returns a date at the clock time that the rest of the text contains, or at midnight. */
    private static Instant instant(LocalDate date, String rest) {
        var clock = CLOCK.matcher(rest);
        if (!clock.find()) {
            return instant(date, null, null);
        }
        var zone = rest.substring(clock.end()).strip();
        var isAfternoon = rest.contains("오후") || zone.startsWith("pm");
        var time = instant(date, clock.group(), zone.replaceFirst("^[ap]m\\s*", ""));
        return isAfternoon && !clock.group().startsWith("12") ? time.plusSeconds(12 * 3600) : time;
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
        var isAfternoon = false;
        // The name of a weekday may be that of a month in another language.
        var date = text.replaceFirst("^\\p{L}+\\.?,", "");
        for (var word : JOINED_WORDS.matcher(date).replaceAll(" ").split("[\\s,]+", -1)) {
            var name = word.replaceFirst("\\.$", "");
            if (CLOCK.matcher(word).matches()) {
                time = word;
            } else if (word.matches("\\d{1,4}(st|nd|rd|th)?\\.?")) {
                var digits = word.replaceAll("\\D", "");
                if (day == null && digits.length() <= 2) {
                    day = digits;
                } else if (year == null) {
                    year = digits;
                }
            } else if (month == null && month(name) != null) {
                month = month(name);
            } else if (time != null && (name.equals("pm") || name.equals("am"))) {
                isAfternoon = name.equals("pm") && !time.startsWith("12:");
            } else if (time != null && zone.isEmpty()) {
                zone = word;
            }
        }
        if (month == null || day == null || year == null) {
            return null;
        }
        var instant = instant(date(year(year), month, number(day)), time, zone);
        return isAfternoon ? instant.plusSeconds(12 * 3600) : instant;
    }

    private static LocalDate date(int year, int month, int day) {
        return LocalDate.of(year, month, day);
    }

    private static Instant instant(LocalDate date, @Nullable String time, @Nullable String zone) {
        var start = date.atStartOfDay();
        var offset = 0;
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
            offset = zone == null ? 0 : offset(zone);
        }
        var instant = start.minusMinutes(offset).toInstant(ZoneOffset.UTC);
        var year = instant.atOffset(ZoneOffset.UTC).getYear();
        if (year < MIN_YEAR || year > MAX_YEAR) {
            throw new DateTimeException("Out of range");
        }
        return instant;
    }

    private static long nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Long.parseLong((fraction + "000000000").substring(0, 9));
    }

    /** Returns the offset in minutes; 0 for an unknown zone. */
    private static int offset(String zone) {
        var offset = OFFSET.matcher(zone);
        if (offset.lookingAt()) {
            var minutes = number(offset.group(2)) * 60 + (offset.group(3) == null ? 0 : number(offset.group(3)));
            return offset.group(1).equals("-") ? -minutes : minutes;
        }
        return ZONES.getOrDefault(zone.replaceAll("[^a-z].*$", ""), 0);
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

    private static @Nullable Integer month(String name) {
        var month = MONTHS.get(name);
        if (month == null && name.matches("[a-z]{4,}")) {
            month = MONTHS.get(name.substring(0, 3));
        }
        return month;
    }

    /** Returns the months of the languages that feeds use, by their names without the final point. */
    private static Map<String, Integer> months() {
        var months = new HashMap<String, Integer>();
        for (var language : List.of(
                "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "hu", "ro", "tr", "el",
                "ru", "uk")) {
            for (var style :
                    List.of(TextStyle.SHORT, TextStyle.FULL, TextStyle.SHORT_STANDALONE, TextStyle.FULL_STANDALONE)) {
                for (var month : Month.values()) {
                    var locale = Locale.of(language);
                    var name = month.getDisplayName(style, locale)
                            .toLowerCase(locale)
                            .replaceFirst("\\.$", "");
                    months.putIfAbsent(name, month.getValue());
                    if (name.length() > 3) {
                        months.putIfAbsent(name.substring(0, 3), month.getValue());
                    }
                }
            }
        }
        return Map.copyOf(months);
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
