/** The reader's pages: HTML that works without scripts, and the modules that keep it live. No other package uses it. */
@NullMarked
package dev.freshet.read.web;

import org.jspecify.annotations.NullMarked;
