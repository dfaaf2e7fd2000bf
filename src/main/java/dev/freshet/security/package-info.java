/** Who may do what: callers and their credentials, the filter chain, its headers. Uses {@code account}. */
@NullMarked
package dev.freshet.security;

import org.jspecify.annotations.NullMarked;
