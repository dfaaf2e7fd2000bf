/**
 * Pages for feed readers: Atom, RSS and JSON Feed, with paging and archives.
 *
 * <p>Each format is a {@link dev.freshet.read.page.PageRenderer}, such as {@link dev.freshet.read.syndication.AtomPages}, which
 * {@code read.page} calls. The bytes depend only on the page and the settings.
 */
@NullMarked
package dev.freshet.read.syndication;

import org.jspecify.annotations.NullMarked;
