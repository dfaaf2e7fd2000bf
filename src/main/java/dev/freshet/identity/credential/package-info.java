/**
 * Credentials of accounts: API tokens, sessions, stream tickets, signing keys, and their revocation.
 *
 * <p>{@link dev.freshet.identity.credential.Credentials} issues and revokes credentials, for the sign-in and the API.
 * {@link dev.freshet.identity.credential.Callers} turns a verified credential into its caller, for tokens and sessions.
 * {@link dev.freshet.identity.credential.Revocations} holds recent revocations in memory, read periodically. It answers open
 * streams, on any thread, without a query.
 */
@NullMarked
package dev.freshet.identity.credential;

import org.jspecify.annotations.NullMarked;
