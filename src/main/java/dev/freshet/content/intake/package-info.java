/**
 * Articles from elsewhere: NDJSON, Atom, RSS and JSON Feed become drafts for {@code article}. Nothing else uses it.
 *
 * <p>An import is one chain of demand from the store back to the socket: entries are read only as batches are
 * committed, at most three batches are in memory, and one line or document that is being read. Bytes are split on the event loop;
 * documents, JSON and HTML are read on the threads named {@code intake}.
 */
@NullMarked
package dev.freshet.content.intake;

import org.jspecify.annotations.NullMarked;
