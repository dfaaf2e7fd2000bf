/**
 * Credentials of accounts: API tokens, sessions, stream tickets, signing keys, and their revocation.
 *
 * <p>{@link dev.freshet.identity.credential.Credentials} issues and revokes credentials, for the sign-in and the API.
 * {@link dev.freshet.identity.credential.Callers} turns a verified credential into its caller, for tokens and sessions.
 * {@link dev.freshet.identity.credential.IdentityChanges} holds recent revocations in memory, and reports changed accounts to
 * those who hold them. It answers requests and open streams, on any thread, without a query.
 */
@NullMarked
package dev.freshet.identity.credential;

import org.jspecify.annotations.NullMarked;
