/** The main class of the jar, compiled for older Java. It imports nothing of the program, and nothing imports it. */
@NullMarked
package dev.freshet.platform.launch;

import org.jspecify.annotations.NullMarked;
