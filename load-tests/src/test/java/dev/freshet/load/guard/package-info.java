/** The simulations that guard a release, and tests of their parts. */
@NullMarked
package dev.freshet.load.guard;

import org.jspecify.annotations.NullMarked;
