package dev.freshet.content.format;

import static java.lang.Character.UnicodeScript.HANGUL;

import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The names of months and time zones in feeds, in lower case. */
final class TimeNames {

    private static final int KOREAN_OFFSET = 9 * 60;
    private static final int MIN_OFFSET = -12 * 60;
    private static final int MAX_OFFSET = 14 * 60;
    private static final Pattern OFFSET =
            Pattern.compile("([+-])\\s*(\\d{1,2})(?::?(\\d{2}))?(?![a-y0-9:])", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Map<String, Integer> MONTHS = months();
    private static final Map<String, Integer> ZONES = Stream.of(
                    "ut 0 utc 0 gmt 0 z 0 wet 0 a -60 m -720 n 60 y 720",
                    "est -300 edt -240 cst -360 cdt -300 mst -420 mdt -360 pst -480 pdt -420 akst -540 akdt -480",
                    "at -240 et -300 ct -360 mt -420 pt -480",
                    "hst -600 ast -240 adt -180 nst -210 ndt -150 brt -180 art -180 clt -240",
                    "bst 60 west 60 cet 60 mez 60 met 60 cest 120 mesz 120 mest 120 eet 120 eest 180 msk 180 msd 240",
                    "sast 120 ist 330 sgt 480 hkt 480 awst 480 jst 540 kst 540 acst 570 aest 600 aedt 660 nzst 720 nzdt 780")
            .flatMap(line -> Pattern.compile("(\\w+) (-?\\d+)").matcher(line).results())
            .collect(Collectors.toUnmodifiableMap(zone -> zone.group(1), zone -> Integer.valueOf(zone.group(2))));
    private static final Map<String, String> REGIONS = ZoneId.getAvailableZoneIds().stream()
            .filter(id -> id.contains("/"))
            .collect(Collectors.toUnmodifiableMap(id -> id.toLowerCase(Locale.ROOT), Function.identity()));

    private TimeNames() {}

    /** Returns the month from 1; null if the word is not the name of one, whole or abbreviated. */
    static @Nullable Integer month(String word) {
        var name = plain(word);
        var month = MONTHS.get(name);
        return month == null && name.matches("[a-z]{4,}") ? MONTHS.get(name.substring(0, 3)) : month;
    }

    /**
     * Returns the instant of a local time.
     *
     * @param zone an offset, an abbreviation or a region; UTC if it is unknown
     * @param text the whole text, whose script names the zone if nothing else does
     * @throws DateTimeException if the zone looks like an offset but is none
     */
    static Instant instant(LocalDateTime time, String zone, String text) {
        var region = REGIONS.get(zone);
        if (region != null) {
            return time.atZone(ZoneId.of(region)).toInstant();
        }
        var isKorean = zone.isEmpty() && text.codePoints().anyMatch(c -> Character.UnicodeScript.of(c) == HANGUL);
        return time.minusMinutes(isKorean ? KOREAN_OFFSET : offset(zone)).toInstant(ZoneOffset.UTC);
    }

    /** Returns the offset in minutes; 0 for an unknown zone, and for an offset that no place on earth has. */
    private static int offset(String zone) {
        if (!zone.startsWith("+") && !zone.startsWith("-")) {
            return ZONES.getOrDefault(zone.replaceAll("[^a-z].*$", ""), 0);
        }
        var offset = OFFSET.matcher(zone);
        if (!offset.lookingAt() || Integer.parseInt(offset.group(2)) > 24) {
            throw new DateTimeException("Not an offset: " + zone);
        }
        var minutes = Integer.parseInt(offset.group(2)) * 60
                + (offset.group(3) == null ? 0 : Integer.parseInt(offset.group(3)));
        var signed = offset.group(1).equals("-") ? -minutes : minutes;
        return signed < MIN_OFFSET || signed > MAX_OFFSET ? 0 : signed;
    }

    /** Returns the months of the languages that feeds use. */
    private static Map<String, Integer> months() {
        var months = new HashMap<String, Integer>();
        for (var language : List.of(
                "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "hu", "ro", "tr", "el",
                "ru", "uk")) {
            for (var style :
                    List.of(TextStyle.SHORT, TextStyle.FULL, TextStyle.SHORT_STANDALONE, TextStyle.FULL_STANDALONE)) {
                for (var month : Month.values()) {
                    var locale = Locale.of(language);
                    var name = plain(month.getDisplayName(style, locale).toLowerCase(locale));
                    months.putIfAbsent(name, month.getValue());
                    if (name.length() > 3) {
                        months.putIfAbsent(name.substring(0, 3), month.getValue());
                    }
                }
            }
        }
        return Map.copyOf(months);
    }

    /** Removes accents, which publishers vary, and the final point. */
    private static String plain(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replaceFirst("\\.$", "");
    }
}
