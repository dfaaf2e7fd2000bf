package dev.freshet.content.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.article.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The wishes of feeds to their readers, and the digests of entries. */
class FeedHintsTests {

    private static final StrictJson JSON = new StrictJson(new JsonMapper());

    private static FeedDocument read(String document) {
        var bytes = document.getBytes(StandardCharsets.UTF_8);
        return FeedDocument.read(new DocumentSource(bytes, null, null, "https://example.org/feed"), JSON);
    }

    @Test
    void rssHasTtlHoursAndDays() {
        var hints = read("""
                <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
                <ttl>60</ttl><skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>99</hour></skipHours>
                <skipDays><day>Saturday</day><day>Someday</day></skipDays>
                <atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="/self"/>
                </channel></rss>""").hints();

        assertThat(hints)
                .isEqualTo(new FeedHints(
                        Duration.ofHours(1),
                        Set.of(0, 7),
                        Set.of(DayOfWeek.SATURDAY),
                        "https://hub.example/",
                        "https://example.org/self"));
    }

    @Test
    void syndicationModuleHasAPeriod() {
        var hints = read("""
                <rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>
                <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
                </channel></rss>""").hints();
        assertThat(hints.interval()).isEqualTo(Duration.ofHours(6));
    }

    @Test
    void jsonFeedNamesItsHub() {
        var hints = read("""
                {"version": "https://jsonfeed.org/version/1.1", "items": [], "feed_url": "/self",
                 "hubs": [{"type": "rssCloud", "url": "https://no.example/"}, {"type": "WebSub", "url": "/hub"}]}""").hints();
        assertThat(hints.hub()).isEqualTo("https://example.org/hub");
        assertThat(hints.self()).isEqualTo("https://example.org/self");
    }

    @Test
    void hintsAreStoredAsJson() {
        var json = new JsonMapper();
        var hints =
                new FeedHints(Duration.ofHours(1), Set.of(7), Set.of(DayOfWeek.SATURDAY), null, "https://x.example/");
        assertThat(json.readValue(json.writeValueAsString(hints), FeedHints.class))
                .isEqualTo(hints);
    }

    @Test
    void digestChangesWithTheEntryAlone() {
        var entry = "<item><guid>1</guid><title>One</title><enclosure url=\"u\" length=\"1\" type=\"t\"/></item>";
        var first = read("<rss><channel><lastBuildDate>Sat, 03 Jan 2026 00:00:00 GMT</lastBuildDate>" + entry
                + "<item><title>New</title></item></channel></rss>");
        var second = read("<rss><channel><lastBuildDate>Sun, 04 Jan 2026 00:00:00 GMT</lastBuildDate>" + entry
                + "</channel></rss>");
        var changed = read("<rss><channel>" + entry.replace("length=\"1\"", "length=\"2\"") + "</channel></rss>");
        var named = read("<rss><channel><managingEditor>Ada</managingEditor>" + entry + "</channel></rss>");

        var digest = second.entries().getFirst().digest();
        assertThat(first.entries().stream().map(DocumentEntry::digest)).contains(digest);
        assertThat(changed.entries().getFirst().digest()).isNotEqualTo(digest);
        assertThat(named.entries().getFirst().digest()).isNotEqualTo(digest);
    }
}
