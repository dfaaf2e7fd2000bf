package dev.freshet.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedParameters;
import dev.freshet.feed.FeedSettings;
import dev.freshet.feed.Languages;
import dev.freshet.feed.NameSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.LinkedMultiValueMap;

/**
 * The feed of a subscription, with the names and the meaning of the parameters of {@code GET /api/v1/articles}.
 *
 * @param tag tags of which an article has any; null or empty for no condition
 * @param author authors, any of which wrote the article
 * @param source sources, of which any is the article's
 * @param language languages, of which any is the article's
 * @param q a search
 * @param not names and languages that no article has; null for no condition
 * @param following whether the feed is restricted to the names that the owner follows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FeedFilter(
        @Nullable List<@Nullable String> tag,
        @Nullable List<@Nullable String> author,
        @Nullable List<@Nullable String> source,
        @Nullable List<@Nullable String> language,
        @Nullable String q,
        @Nullable Excluded not,
        @Nullable Boolean following) {

    /** Names and languages that are excluded, each null or empty for no condition. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Excluded(
            @Nullable List<@Nullable String> tag,
            @Nullable List<@Nullable String> author,
            @Nullable List<@Nullable String> source,
            @Nullable List<@Nullable String> language) {

        NameSet names() {
            return new NameSet(FeedFilter.names(tag), FeedFilter.names(author), FeedFilter.names(source));
        }
    }

    static final FeedFilter ALL = new FeedFilter(null, null, null, null, null, null, null);

    /** Returns the filter of a public feed. */
    static FeedFilter of(Feed feed) {
        var excluded = feed.excluded();
        var languages = feed.languages();
        return new FeedFilter(
                List.copyOf(feed.tags()),
                List.copyOf(feed.authors()),
                List.copyOf(feed.sources()),
                List.copyOf(languages.any()),
                feed.q(),
                excluded.equals(NameSet.NONE) && languages.none().isEmpty()
                        ? null
                        : new Excluded(
                                List.copyOf(excluded.tags()),
                                List.copyOf(excluded.authors()),
                                List.copyOf(excluded.sources()),
                                List.copyOf(languages.none())),
                null);
    }

    /** Returns the feed of an owner. Throws the problem to report if a value is invalid. */
    Feed checked(@Nullable UUID owner, FeedSettings settings) {
        var parameters = new LinkedMultiValueMap<String, String>();
        parameters.put("tag", names(tag));
        parameters.put("author", names(author));
        parameters.put("source", names(source));
        parameters.put("language", names(language));
        if (not != null) {
            parameters.put("not.tag", names(not.tag()));
            parameters.put("not.author", names(not.author()));
            parameters.put("not.source", names(not.source()));
            parameters.put("not.language", names(not.language()));
        }
        if (q != null) {
            parameters.add("q", q);
        }
        return of(FeedParameters.of(parameters, HttpHeaders.EMPTY).feed(settings), owner);
    }

    /** Returns the feed of an owner without checks. */
    Feed of(@Nullable UUID owner) {
        var excluded = not == null ? NameSet.NONE : not.names();
        var languages = new Languages(names(language), names(not == null ? null : not.language()));
        return of(new Feed(names(tag), names(author), names(source), q, null, excluded, languages), owner);
    }

    private Feed of(Feed feed, @Nullable UUID owner) {
        return owner != null && Boolean.TRUE.equals(following) ? feed.followedBy(owner) : feed;
    }

    private static List<String> names(@Nullable List<@Nullable String> names) {
        return names == null
                ? List.of()
                : names.stream()
                        .filter(Objects::nonNull)
                        .map(Objects::requireNonNull)
                        .toList();
    }
}
