/**
 * Compares pages of Freshet with those of its peers, on one machine and in one run. {@code ComparePages} is the
 * program, {@code Load} the client that measures all of them.
 */
@NullMarked
package dev.freshet.load.pages;

import org.jspecify.annotations.NullMarked;
