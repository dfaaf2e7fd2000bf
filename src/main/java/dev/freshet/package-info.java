/** The program's entry point, which assembles all layers. */
@NullMarked
package dev.freshet;

import org.jspecify.annotations.NullMarked;
