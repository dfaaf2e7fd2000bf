/**
 * Reads streams of events by the thousand: server-sent events and NDJSON over HTTP/1.1, on one event loop, with memory
 * and work per event that do not depend on the number of streams. Simulations, comparisons and chaos all read with it.
 */
@NullMarked
package dev.freshet.load.reader;

import org.jspecify.annotations.NullMarked;
