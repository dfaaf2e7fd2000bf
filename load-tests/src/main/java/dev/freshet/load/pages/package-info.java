/**
 * Compares pages of Freshet with those of its peers, on one machine and in one run: {@code ComparePages} is the program,
 * {@code Load} the client that all are measured with.
 */
@NullMarked
package dev.freshet.load.pages;

import org.jspecify.annotations.NullMarked;
