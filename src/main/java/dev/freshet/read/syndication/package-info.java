/** Pages for feed readers: Atom, RSS and JSON Feed, with paging and archives. */
@NullMarked
package dev.freshet.read.syndication;

import org.jspecify.annotations.NullMarked;
