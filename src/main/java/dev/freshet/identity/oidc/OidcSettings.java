package dev.freshet.identity.oidc;

import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * OpenID Connect providers.
 *
 * @param providers each by a name that is part of addresses
 */
@ConfigurationProperties("freshet.oidc")
record OidcSettings(@DefaultValue Map<String, @Valid Provider> providers) {

    /**
     * One provider.
     *
     * @param issuerUri the {@code iss} of its tokens; its configuration is read below this address
     * @param audience the {@code aud} of access tokens for this server; without it none are accepted
     * @param clientId the client id of this server; without it browsers cannot sign in through the provider
     * @param clientSecret null for a public client
     * @param label its name on the sign-in page; by default its name
     * @param request scopes to request when signing in, in addition to {@code openid}
     * @param nameClaim claim with the name of a new account
     * @param roleClaim claim with the user's roles or groups; dots lead into objects, such as {@code
     *      realm_access.roles}
     * @param roles values of the claim for each role; the highest matching role applies. If set, each sign-in and token
     *      updates the role; else admins change it
     * @param newcomers role of users that {@code roles} does not match, and of new accounts
     * @param scopeClaim claim with an access token's scopes, a list or separated by spaces
     * @param scopes values of the claim for each scope. If unset, a token grants all scopes of the role
     */
    public record Provider(
            @NotBlank String issuerUri,
            @Nullable String audience,
            @Nullable String clientId,
            @Nullable String clientSecret,
            @Nullable String label,
            @DefaultValue("profile") List<String> request,
            @DefaultValue("preferred_username") String nameClaim,
            @DefaultValue("roles") String roleClaim,
            @DefaultValue Map<Role, List<String>> roles,
            @NotNull @DefaultValue("reader") Role newcomers,
            @DefaultValue("scope") String scopeClaim,
            @DefaultValue Map<Scope, List<String>> scopes) {}
}
