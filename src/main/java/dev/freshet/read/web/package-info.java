/** The reader's pages: HTML that works without scripts, and the modules that keep it live. Nothing may use it. */
@NullMarked
package dev.freshet.read.web;

import org.jspecify.annotations.NullMarked;
