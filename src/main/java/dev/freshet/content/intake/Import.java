package dev.freshet.content.intake;

import dev.freshet.content.format.ImportEntry;
import java.util.List;
import reactor.core.publisher.Flux;

/**
 * The entries that a request imports.
 *
 * @param repairs the faults of the document as a whole that were repaired
 */
record Import(Flux<ImportEntry> entries, List<String> repairs) {}
