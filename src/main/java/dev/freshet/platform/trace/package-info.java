/**
 * Traces of requests and of the events that they cause, exported with OTLP. Off unless an address is configured: then
 * no span is created, and the libraries that record and export them are not loaded.
 */
@NullMarked
package dev.freshet.platform.trace;

import org.jspecify.annotations.NullMarked;
