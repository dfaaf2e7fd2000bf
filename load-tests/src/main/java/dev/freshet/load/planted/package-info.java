/** Faults that a started Freshet gets on its class path, to check that a run would be red if it had them. */
@NullMarked
package dev.freshet.load.planted;

import org.jspecify.annotations.NullMarked;
