/**
 * Compares streams of Freshet with those of its peers, on one machine and in one run. {@code Compare} is the program,
 * {@code Subscribers} the client that measures all of them.
 */
@NullMarked
package dev.freshet.load.streams;

import org.jspecify.annotations.NullMarked;
