package dev.freshet.content.article;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A video or post of another site. Articles contain a link to its page. A reader's page can show it in a frame instead.
 *
 * @param page the address of its page
 * @param frame the address of its frame, which sets no cookies where the site allows that
 * @param isVideo whether the frame has the shape of a video
 */
public record Embed(String page, String frame, boolean isVideo) {

    private static final String HOST = "([a-z0-9-]+(?:\\.[a-z0-9-]+)+)";

    private static final List<Site> SITES = List.of(
            new Site(
                    "(?:www\\.|m\\.)?youtube(?:-nocookie)?\\.com/(?:embed/|shorts/|live/|watch\\?v=)(?!videoseries)([\\w-]+).*",
                    Embed::youTube),
            new Site("youtu\\.be/([\\w-]+).*", Embed::youTube),
            new Site("(?:www\\.)?vimeo\\.com/(\\d+)(?:/(\\w+))?", Embed::vimeo),
            new Site("player\\.vimeo\\.com/video/(\\d+)(?:\\?(?:.*&)?h=(\\w+))?.*", Embed::vimeo),
            new Site(HOST + "/(@\\w+(?:@[\\w.-]+)?/\\d{10,20})(?:/embed)?", Embed::mastodon),
            new Site(HOST + "/(users/\\w+/statuses/\\d{10,20})(?:/embed)?", Embed::mastodon));

    private record Site(Pattern address, Function<MatchResult, Embed> create) {

        Site(String address, Function<MatchResult, Embed> create) {
            this(Pattern.compile("(?:https?:)?//" + address), create);
        }
    }

    /** Recognises YouTube, Vimeo and Mastodon by the address of a page or frame. */
    public static Optional<Embed> of(String address) {
        for (var site : SITES) {
            var match = site.address().matcher(address);
            if (match.matches()) {
                return Optional.of(site.create().apply(match.toMatchResult()));
            }
        }
        return Optional.empty();
    }

    private static Embed youTube(MatchResult match) {
        var id = match.group(1);
        return new Embed("https://www.youtube.com/watch?v=" + id, "https://www.youtube-nocookie.com/embed/" + id, true);
    }

    private static Embed vimeo(MatchResult match) {
        var id = match.group(1);
        // Videos that are not listed have a second part.
        var hash = match.group(2);
        return new Embed(
                "https://vimeo.com/" + id + (hash == null ? "" : "/" + hash),
                "https://player.vimeo.com/video/" + id + "?dnt=1" + (hash == null ? "" : "&h=" + hash),
                true);
    }

    private static Embed mastodon(MatchResult match) {
        var page = "https://" + match.group(1) + "/" + match.group(2);
        return new Embed(page, page + "/embed", false);
    }
}
