/** Measures the start and the idle memory of the program. */
@NullMarked
package dev.freshet.load.start;

import org.jspecify.annotations.NullMarked;
