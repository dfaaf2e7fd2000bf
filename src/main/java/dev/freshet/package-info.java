/** The program: it starts here, and imports every feature. */
@NullMarked
package dev.freshet;

import org.jspecify.annotations.NullMarked;
