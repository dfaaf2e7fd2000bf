/** Programs that load Freshet and its peers from outside. */
@NullMarked
package dev.freshet.load;

import org.jspecify.annotations.NullMarked;
