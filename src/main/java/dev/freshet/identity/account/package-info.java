/** Accounts: roles, passwords, external identities, scopes, and the caller of a request. */
@NullMarked
package dev.freshet.identity.account;

import org.jspecify.annotations.NullMarked;
