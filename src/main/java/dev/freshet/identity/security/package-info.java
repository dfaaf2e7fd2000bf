/** The filter chain: authentication and authorisation of every request. */
@NullMarked
package dev.freshet.identity.security;

import org.jspecify.annotations.NullMarked;
