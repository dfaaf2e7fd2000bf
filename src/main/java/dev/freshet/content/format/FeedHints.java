package dev.freshet.content.format;

import dev.freshet.content.article.WebAddress;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The wishes of a feed to its readers.
 *
 * @param interval the minimum time between two polls; null for no wish
 * @param skippedHours the hours of a day in UTC, 0 to 23, in which it is not to be polled
 * @param skippedDays the days in UTC on which it is not to be polled
 * @param hub the WebSub hub; null for none
 * @param self the address of the feed as the hub knows it; null if unknown
 */
public record FeedHints(
        @Nullable Duration interval,
        Set<Integer> skippedHours,
        Set<DayOfWeek> skippedDays,
        @Nullable String hub,
        @Nullable String self) {

    /** No wishes. */
    public static final FeedHints NONE = new FeedHints(null, Set.of(), Set.of(), null, null);

    private static final int HOURS = 24;
    private static final int MAX_DIGITS = 7;
    // RSS 1.0 Syndication module. Longer periods are not followed.
    private static final Map<String, Duration> PERIODS = Map.of(
            "hourly", Duration.ofHours(1),
            "daily", Duration.ofDays(1),
            "weekly", Duration.ofDays(7),
            "monthly", Duration.ofDays(30),
            "yearly", Duration.ofDays(365));

    /** Reads the header of an XML feed. */
    static FeedHints of(XmlNode.Element header, String address) {
        return new FeedHints(
                interval(header),
                hours(header),
                days(header),
                link(header, "hub", address),
                link(header, "self", address));
    }

    /** Reads a JSON Feed. */
    static FeedHints of(JsonNode feed, String address) {
        var hub = feed.path("hubs")
                .valueStream()
                .filter(each -> each.path("type").asString("").equalsIgnoreCase("WebSub"))
                .map(each -> WebAddress.of(each.path("url").asString(""), address))
                .filter(url -> url != null)
                .findFirst()
                .orElse(null);
        return new FeedHints(
                null,
                Set.of(),
                Set.of(),
                hub,
                WebAddress.of(feed.path("feed_url").asString(""), address));
    }

    private static @Nullable Duration interval(XmlNode.Element header) {
        var ttl = number(header.textOf("ttl"));
        if (ttl != null) {
            return Duration.ofMinutes(ttl);
        }
        var period = header.textOf("sy:updateperiod");
        var duration = period == null ? null : PERIODS.get(period.toLowerCase(Locale.ROOT));
        var frequency = number(header.textOf("sy:updatefrequency"));
        return duration == null ? null : duration.dividedBy(frequency == null || frequency < 1 ? 1 : frequency);
    }

    private static Set<Integer> hours(XmlNode.Element header) {
        var hours = new TreeSet<Integer>();
        values(header, "skiphours", "hour").forEach(text -> {
            var hour = number(text);
            // RSS 0.91 counts from 1 to 24.
            if (hour != null && hour <= HOURS) {
                hours.add(hour % HOURS);
            }
        });
        return hours.size() == HOURS ? Set.of() : Set.copyOf(hours);
    }

    private static Set<DayOfWeek> days(XmlNode.Element header) {
        var days = EnumSet.noneOf(DayOfWeek.class);
        values(header, "skipdays", "day")
                .forEach(text -> Arrays.stream(DayOfWeek.values())
                        .filter(day -> day.name().equalsIgnoreCase(text))
                        .forEach(days::add));
        return days.size() == DayOfWeek.values().length ? Set.of() : Set.copyOf(days);
    }

    private static Stream<String> values(XmlNode.Element header, String list, String item) {
        return header.children(list)
                .flatMap(each -> each.children(item))
                .map(each -> each.text().strip());
    }

    private static @Nullable Integer number(@Nullable String text) {
        return text != null && text.matches("\\d{1," + MAX_DIGITS + "}") ? Integer.valueOf(text) : null;
    }

    private static @Nullable String link(XmlNode.Element header, String relation, String address) {
        return header.children("atom:link", "link")
                .filter(link -> link.attribute("rel").equalsIgnoreCase(relation))
                .map(link -> WebAddress.of(link.attribute("href"), address))
                .filter(url -> url != null)
                .findFirst()
                .orElse(null);
    }
}
