/**
 * The foundation of all layers: build, settings, periodic tasks, and the report of a failed start. Any package may use it.
 */
@NullMarked
package dev.freshet.platform;

import org.jspecify.annotations.NullMarked;
