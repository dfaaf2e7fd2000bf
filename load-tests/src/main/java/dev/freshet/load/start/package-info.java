/** How long a start takes, and what memory it leaves taken. */
@NullMarked
package dev.freshet.load.start;

import org.jspecify.annotations.NullMarked;
