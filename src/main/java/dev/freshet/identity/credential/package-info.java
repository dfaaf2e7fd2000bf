/** Credentials of accounts: tokens for programs, sessions, tickets, signing keys, and their revocation. */
@NullMarked
package dev.freshet.identity.credential;

import org.jspecify.annotations.NullMarked;
