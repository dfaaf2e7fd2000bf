/** Real stores and whole running instances for the tests of every package. */
@NullMarked
package dev.freshet.testing;

import org.jspecify.annotations.NullMarked;
