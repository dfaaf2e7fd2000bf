package dev.freshet.content.intake;

import java.util.List;

/**
 * The entries of a feed document.
 *
 * @param repairs the faults of the document as a whole that were repaired
 */
record FeedDocument(List<ImportEntry> entries, List<String> repairs) {}
