package dev.freshet.identity.oidc;

import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Maps the claims of a provider's tokens to roles, scopes and names, as its settings say. */
record ClaimMapping(OidcSettings.Provider settings) {

    /** Returns the role for these claims; empty where the provider does not decide it. */
    Optional<Role> role(Map<String, Object> claims) {
        if (settings.roles().isEmpty()) {
            return Optional.empty();
        }
        var granted = values(claims, settings.roleClaim());
        return Optional.of(settings.roles().entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(granted::contains))
                .map(Map.Entry::getKey)
                .max(Comparator.naturalOrder())
                .orElse(settings.newcomers()));
    }

    /** Returns the role of a new account. */
    Role initialRole(Map<String, Object> claims) {
        return role(claims).orElse(settings.newcomers());
    }

    /** Returns the scopes that a token with these claims grants at most. */
    Set<Scope> scopes(Map<String, Object> claims) {
        if (settings.scopes().isEmpty()) {
            return EnumSet.allOf(Scope.class);
        }
        var granted = values(claims, settings.scopeClaim());
        return settings.scopes().entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(granted::contains))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
    }

    /** Returns a name for an account from the claims; may be empty. */
    String nickname(Map<String, Object> claims) {
        return Stream.of(settings.nameClaim(), "preferred_username", "nickname", "name", "email")
                .map(claims::get)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .findFirst()
                .orElse("");
    }

    private static Set<String> values(Map<String, Object> claims, String path) {
        var value = value(claims, path);
        if (value instanceof String text) {
            return new HashSet<>(Arrays.asList(text.split(" ", -1)));
        }
        return value instanceof Collection<?> many
                ? many.stream().map(String::valueOf).collect(Collectors.toSet())
                : Set.of();
    }

    private static @Nullable Object value(Map<String, Object> claims, String path) {
        // Some claims are named by a URL.
        if (claims.containsKey(path)) {
            return claims.get(path);
        }
        Object value = claims;
        for (var part : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> object ? object.get(part) : null;
        }
        return value;
    }
}
