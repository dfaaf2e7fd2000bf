/**
 * The reader's pages: HTML that works without scripts, and the modules that keep it live. No other package uses it.
 *
 * <p>{@link dev.freshet.read.web.PageRoutes} serves feeds, articles and assets, and
 * {@link dev.freshet.read.web.AccountRoutes} the forms. Feeds are rendered by {@link dev.freshet.read.web.HtmlPages} for
 * {@code read.page}, which caches them. All templates are loaded at the start.
 */
@NullMarked
package dev.freshet.read.web;

import org.jspecify.annotations.NullMarked;
