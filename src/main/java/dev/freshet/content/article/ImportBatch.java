package dev.freshet.content.article;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A validated and rendered batch of imported articles; see {@link ArticleImport#prepare}. */
public final class ImportBatch {

    // As exports, feeds and events name it.
    private static final Pattern PROGRAM_ID = Pattern.compile("urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    private final List<Item> items;
    private final @Nullable ImportLease lease;
    private final boolean leavesOutOwn;

    ImportBatch(List<Item> items) {
        this(items, null, false);
    }

    private ImportBatch(List<Item> items, @Nullable ImportLease lease, boolean leavesOutOwn) {
        this.items = items;
        this.lease = lease;
        this.leavesOutOwn = leavesOutOwn;
    }

    /**
     * Returns this batch with its conditions.
     *
     * @param condition the lease without which nothing is written; null for none
     * @param withoutOwn whether articles with the id of an article of this server are left out as unchanged
     */
    public ImportBatch under(@Nullable ImportLease condition, boolean withoutOwn) {
        return new ImportBatch(items, condition, withoutOwn);
    }

    boolean leavesOutOwn() {
        return leavesOutOwn;
    }

    @Nullable
    ImportLease lease() {
        return lease;
    }

    /**
     * An article of a batch.
     *
     * @param position the position in the batch
     * @param content null if the article is invalid
     * @param fault why it is invalid; empty if it is valid
     */
    record Item(
            int position,
            ImportedArticle imported,
            @Nullable ArticleContent content,
            String fault) {

        /** Returns the id of an article of this program that the article is, or is a copy of; null for none. */
        @Nullable
        UUID programId() {
            var matcher = PROGRAM_ID.matcher(imported.origin());
            return matcher.matches() ? UUID.fromString(matcher.group(1)) : null;
        }

        Item withContent(ArticleContent rendered) {
            return new Item(position, imported, rendered, "");
        }

        Item withFault(String reason) {
            return new Item(position, imported, null, reason);
        }

        PositionedResult rejected(String reason) {
            return result(new ImportResult.Rejected(imported.line(), reason));
        }

        PositionedResult result(ImportResult result) {
            return new PositionedResult(position, result);
        }
    }

    /** The result of the article at a position of the batch. */
    record PositionedResult(int position, ImportResult result) {}

    /** Splits the batch so that no part contains an origin twice. The parts keep the order of articles of one origin. */
    List<List<Item>> withUniqueOrigins() {
        var parts = new ArrayList<List<Item>>();
        var remaining = items;
        while (!remaining.isEmpty()) {
            var seen = new HashSet<String>();
            var byFirst = remaining.stream()
                    .collect(Collectors.partitioningBy(
                            item -> seen.add(item.imported().origin())));
            parts.add(byFirst.getOrDefault(true, List.of()));
            remaining = byFirst.getOrDefault(false, List.of());
        }
        return parts;
    }
}
