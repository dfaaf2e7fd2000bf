/** What every feature stands on: connections to the stores, settings of the program, how a failed start is told. */
@NullMarked
package dev.freshet.platform;

import org.jspecify.annotations.NullMarked;
