/** The program's entry point, which assembles all rooms. */
@NullMarked
package dev.freshet;

import org.jspecify.annotations.NullMarked;
