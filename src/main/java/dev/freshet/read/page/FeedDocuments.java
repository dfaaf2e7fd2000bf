package dev.freshet.read.page;

import dev.freshet.feed.Feed;
import dev.freshet.feed.FeedParameters;
import dev.freshet.feed.FeedSettings;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.QueryParameters;
import dev.freshet.platform.problem.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** The public feeds in formats of feed readers, as documents for other parts of the program. */
public final class FeedDocuments {

    private final PageRequestParser parser;
    private final CachedPages pages;
    private final FeedSettings settings;

    FeedDocuments(PageRequestParser parser, CachedPages pages, FeedSettings settings) {
        this.parser = parser;
        this.pages = pages;
        this.settings = settings;
    }

    /** The path of the hub. */
    public static final String HUB_PATH = SyndicationSettings.HUB_PATH;

    /** Returns the beginning of an address, without a path. */
    public static String origin(URI url) {
        return PageRequestParser.origin(url);
    }

    /**
     * Returns the address of this server's hub.
     *
     * @param origin the address by which a client reached this server
     */
    public String hub(String origin) {
        return parser.linkOrigin(() -> origin) + HUB_PATH;
    }

    /** The address of a feed in one format. */
    public static final class Topic {

        private final PageQuery query;

        private Topic(PageQuery query) {
            this.query = query;
        }

        /** Returns the feed. */
        public Feed feed() {
            return query.feed();
        }

        /** Returns its media type. */
        public String mediaType() {
            return query.representation().mediaType().toString();
        }
    }

    /**
     * Parses the address of a feed on this server. The format is named by {@code format}.
     *
     * @param origin the address by which a client reached this server, such as {@code https://news.example}
     * @return null if it is not the address of the first page of a public feed in a format of feed readers
     */
    public @Nullable Topic parse(String address, String origin) {
        try {
            var uri = new URI(address);
            if (uri.getScheme() == null
                    || uri.getRawAuthority() == null
                    || !parser.linkOrigin(() -> origin).equalsIgnoreCase(PageRequestParser.origin(uri))) {
                return null;
            }
            var query = QueryParameters.parse(uri.getRawQuery());
            PublicPageRequests.DECLARED.check(query);
            var parameters = FeedParameters.of(query, HttpHeaders.EMPTY);
            if (uri.getRawFragment() != null
                    || !PageQuery.PATH.equals(uri.getRawPath())
                    || parameters.isFollowing()
                    || !parameters.representation().isSyndicated()) {
                return null;
            }
            var page = parser.feed(parameters, parameters.feed(settings), parameters.representation(), () -> origin);
            return page.query() instanceof PageQuery topic && topic.isFirst() ? new Topic(topic) : null;
        } catch (URISyntaxException | ProblemException e) {
            return null;
        }
    }

    /**
     * Returns the document.
     *
     * @param floor a position that the document must not precede; null for none
     */
    public Mono<byte[]> read(Topic topic, @Nullable Cursor floor) {
        return pages.find(topic.query, floor).map(found -> found.page().bytes());
    }
}
