/** Comparisons of two commits by the processor time that they take. */
@NullMarked
package dev.freshet.load.regress;

import org.jspecify.annotations.NullMarked;
