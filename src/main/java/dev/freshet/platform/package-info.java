/** The foundation of all layers: stores, settings, the HTTP edge, problems, and the report of a failed start. */
@NullMarked
package dev.freshet.platform;

import org.jspecify.annotations.NullMarked;
