/**
 * Accounts: roles, passwords, external identities, scopes, and the caller of a request.
 *
 * <p>{@link dev.freshet.identity.account.Accounts} finds and changes accounts. Any higher package gets the
 * {@link dev.freshet.identity.account.Caller} of a request from here, by the annotation
 * {@link dev.freshet.identity.account.CurrentCaller}. Passwords are hashed on threads of their own with a bounded queue, since
 * a hash takes too long for an event loop.
 */
@NullMarked
package dev.freshet.identity.account;

import org.jspecify.annotations.NullMarked;
