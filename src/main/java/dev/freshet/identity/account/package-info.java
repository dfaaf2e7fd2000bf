/** Accounts: people, roles, passwords, scopes, and the caller of a request. */
@NullMarked
package dev.freshet.identity.account;

import org.jspecify.annotations.NullMarked;
