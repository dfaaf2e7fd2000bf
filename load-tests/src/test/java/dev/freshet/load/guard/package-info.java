/** The simulations that guard a release, and tests of what they are made of. */
@NullMarked
package dev.freshet.load.guard;

import org.jspecify.annotations.NullMarked;
