/** Who may do what: the filter chain, its headers, the keys and tokens. Imports no feature but {@code problem}. */
@NullMarked
package dev.freshet.security;

import org.jspecify.annotations.NullMarked;
