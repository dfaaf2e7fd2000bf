/** Programs that put load on Freshet and its peers from outside. */
@NullMarked
package dev.freshet.load;

import org.jspecify.annotations.NullMarked;
