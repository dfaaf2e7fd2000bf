package dev.freshet.read.page;

import dev.freshet.log.feedlog.Cursor;
import dev.freshet.log.feedlog.FeedLog;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/**
 * The new and changed entries of a feed for readers that have an earlier version of it (RFC 3229 with the instance
 * manipulation {@code feed}). The entity tag of a page contains the position at which it was read, so the log has the
 * difference.
 */
final class FeedDeltas {

    /** The name of the instance manipulation. */
    static final String NAME = "feed";

    private static final String ACCEPTED = "A-IM";
    // More changes than entries of the largest page: the whole page is then as good.
    private static final int MAX_CHANGES = PageQuery.MAX_LIMIT;

    private final FeedLog feedLog;
    private final PageReader reader;

    FeedDeltas(FeedLog feedLog, PageReader reader) {
        this.feedLog = feedLog;
        this.reader = reader;
    }

    /**
     * Returns the position of the version that the client has, if it accepts a delta.
     *
     * @param renderer the renderer of the query, so that versions of another format or build have no delta
     * @return null for a client that gets the whole page
     */
    static @Nullable Cursor base(Query query, String renderer, HttpHeaders request) {
        if (!(query instanceof PageQuery page) || !page.representation().isSyndicated() || !page.isFirst()) {
            return null;
        }
        return accepts(request.getOrEmpty(ACCEPTED))
                ? new Preconditions(request)
                        .tags().stream()
                                .flatMap(text -> Stream.ofNullable(PageTag.parse(text)))
                                .filter(tag -> tag.renderer().equals(renderer))
                                .map(PageTag::readAt)
                                .max((one, other) -> Long.compare(one.seq(), other.seq()))
                                .orElse(null)
                : null;
    }

    private static boolean accepts(List<String> values) {
        return values.stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(name -> name.split(";", -1)[0].strip().toLowerCase(Locale.ROOT))
                .anyMatch(NAME::equals);
    }

    /** Reads the entries of a page that are new or changed since a position; empty where the log does not show them. */
    Mono<RenderedPage> read(PageQuery query, Cursor base) {
        return feedLog.extent()
                .filter(extent -> extent.epoch() == base.epoch()
                        && extent.first() <= base.seq() + 1
                        && base.seq() <= extent.last())
                .flatMap(extent -> changed(query, base.seq(), extent.last()))
                .flatMap(ids -> reader.changes(query, ids))
                .map(RenderedPage::compress);
    }

    private Mono<Set<UUID>> changed(PageQuery query, long after, long to) {
        return feedLog.select(after, to, MAX_CHANGES + 1, query.feed().condition(), false)
                .collectList()
                .filter(changes -> changes.size() <= MAX_CHANGES)
                .map(changes -> changes.stream()
                        .filter(change -> !change.leaves())
                        .map(change -> change.entry().articleId())
                        .collect(Collectors.toSet()));
    }
}
