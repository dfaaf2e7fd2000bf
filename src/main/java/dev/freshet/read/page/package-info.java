/** The feed predicate and the pages of a feed in their representations. Used by streams and the reader's pages. */
@NullMarked
package dev.freshet.read.page;

import org.jspecify.annotations.NullMarked;
