/**
 * The filter chain: authentication and authorisation of every request that the fast path for pages does not take.
 *
 * <p>{@link dev.freshet.identity.security.SecurityConfiguration} assembles it in the order of its filters, and
 * {@link dev.freshet.identity.security.AccessRules} lists which request requires which scope. No other package calls this
 * one; the web server does.
 */
@NullMarked
package dev.freshet.identity.security;

import org.jspecify.annotations.NullMarked;
