package dev.freshet.content.intake;

import dev.freshet.content.article.ImportLease;
import dev.freshet.content.format.ImportEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * The entries to import from one document or stream.
 *
 * @param repairs the faults of the document as a whole that were repaired
 * @param lease the claim without which nothing may be written; null for none
 * @param automatic whether the entries arrive without a user's request. Articles of this server are then left out, so that
 *     none goes round in a circle
 */
public record Import(
        Flux<ImportEntry> entries,
        List<String> repairs,
        @Nullable ImportLease lease,
        boolean automatic) {

    /** Entries that a user sends. */
    public Import(Flux<ImportEntry> entries, List<String> repairs) {
        this(entries, repairs, null, false);
    }

    /** Entries of a source. */
    public Import(Flux<ImportEntry> entries, List<String> repairs, @Nullable ImportLease lease) {
        this(entries, repairs, lease, true);
    }
}
