package dev.freshet.read.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.feed.FeedKind;
import dev.freshet.feed.FeedTitle;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.Representation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes the directory of feeds as JSON, or as OPML 2.0 for feed readers. */
@Component
final class DirectoryRenderer {

    private final JsonMapper json;

    DirectoryRenderer(JsonMapper json) {
        this.json = json;
    }

    /**
     * The directory as JSON.
     *
     * @param next the address of the next part
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Body(List<Item> items, Cursor cursor, @Nullable String next) {}

    /**
     * A feed.
     *
     * @param href the address of its first page
     */
    record Item(FeedKind kind, String name, long articles, Instant changedAt, String href) {}

    byte[] render(DirectoryQuery query, DirectoryPart part) {
        return query.representation() == Representation.OPML
                ? opml(query, part)
                : json.writeValueAsBytes(new Body(
                        part.entries().stream().map(DirectoryRenderer::item).toList(),
                        part.cursor(),
                        part.next(query)));
    }

    private static Item item(DirectoryEntry entry) {
        return new Item(entry.kind(), entry.name(), entry.articles(), entry.changedAt(), entry.href());
    }

    private static byte[] opml(DirectoryQuery query, DirectoryPart part) {
        return Opml.write(
                "Feeds of " + query.origin(),
                part.entries().stream()
                        .map(entry -> Opml.outline(
                                query.origin(), FeedTitle.of(entry.feed(), (kind, key) -> entry.name()), entry.feed()))
                        .toList());
    }
}
