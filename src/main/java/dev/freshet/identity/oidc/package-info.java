/**
 * OpenID Connect providers: sign-in through them, and access tokens that they issue.
 *
 * <p>The filter chain of {@code identity.security} uses {@link dev.freshet.identity.oidc.OidcLogin} for browsers and
 * {@link dev.freshet.identity.oidc.ProviderAccessTokens} for programs. Both find the account of a provider's user by
 * {@link dev.freshet.identity.oidc.OidcAccounts}. Discovery documents and keys are cached; a provider that is down delays only
 * its own users.
 */
@NullMarked
package dev.freshet.identity.oidc;

import org.jspecify.annotations.NullMarked;
