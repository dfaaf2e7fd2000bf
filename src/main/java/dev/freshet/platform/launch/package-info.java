/** What the jar runs first: compiled for older Java, it imports nothing of the program and nothing imports it. */
@NullMarked
package dev.freshet.platform.launch;

import org.jspecify.annotations.NullMarked;
