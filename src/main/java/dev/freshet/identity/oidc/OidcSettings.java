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
import org.springframework.validation.annotation.Validated;

/**
 * Settings of who else says who somebody is.
 *
 * @param providers of OpenID Connect, each by a name that is part of addresses
 */
@Validated
@ConfigurationProperties("freshet.oidc")
public record OidcSettings(@DefaultValue Map<String, @Valid Provider> providers) {

    /**
     * One provider.
     *
     * @param issuerUri what its tokens name as {@code iss}; its configuration is read beneath it
     * @param audience what access tokens for this server name as {@code aud}; without it none are taken
     * @param clientId what this server is to the provider; without it nobody signs in through it in a browser
     * @param clientSecret null for a public client
     * @param label what it is called on the sign-in page; by default its name
     * @param request the scopes that signing in asks for, besides {@code openid}
     * @param nameClaim what an account is named after when it is made
     * @param roleClaim where somebody's roles or groups stand; dots lead into objects, such as {@code realm_access.roles}
     * @param roles which of them make somebody what here, the one that may most. Where this is set, each sign-in and
     *     token sets the role anew; else it is for admins to change
     * @param newcomers the role of whom {@code roles} knows nothing of, and of new accounts
     * @param scopeClaim where an access token's scopes stand, in a list or with spaces between
     * @param scopes which of them allow what here. Where this is not set, a token allows all that the role does
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
