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
 */
public record Import(
        Flux<ImportEntry> entries,
        List<String> repairs,
        @Nullable ImportLease lease) {

    /** Entries that no claim protects. */
    public Import(Flux<ImportEntry> entries, List<String> repairs) {
        this(entries, repairs, null);
    }
}
