/** OpenID Connect providers: signing in through them, and access tokens that they issue. */
@NullMarked
package dev.freshet.identity.oidc;

import org.jspecify.annotations.NullMarked;
