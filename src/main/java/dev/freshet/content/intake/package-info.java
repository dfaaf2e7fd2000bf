/**
 * Imports: entries that package {@code format} reads are written by package {@code article}.
 *
 * <p>Demand propagates from the store to the socket: entries are read only as batches are committed. Memory holds at most
 * three batches, and one unfinished line or document. The event loop splits lines; documents, JSON and HTML are parsed on
 * the threads named {@code intake}.
 */
@NullMarked
package dev.freshet.content.intake;

import org.jspecify.annotations.NullMarked;
