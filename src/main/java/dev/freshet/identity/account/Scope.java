package dev.freshet.identity.account;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a credential allows its bearer, as far as the bearer's role does. */
public enum Scope {
    /** Read what only oneself may: drafts, the followed feed. */
    ARTICLES_READ("articles:read", Role.READER),
    /** Write articles. */
    ARTICLES_WRITE("articles:write", Role.AUTHOR),
    /** Look after one's own account: password, tokens, sessions, what one follows. */
    ACCOUNT("account", Role.READER),
    /** Look after the accounts of all. */
    ACCOUNTS_MANAGE("accounts:manage", Role.ADMIN),
    /** Read metrics and other inner matters. */
    OPS("ops", Role.ADMIN);

    private final String text;
    private final Role least;

    Scope(String text, Role least) {
        this.text = text;
        this.least = least;
    }

    /** All that a role allows. */
    public static Set<Scope> of(Role role) {
        return of(role, Arrays.asList(values()));
    }

    /** What of these a role allows. */
    public static Set<Scope> of(Role role, Collection<Scope> scopes) {
        return scopes.stream()
                .filter(scope -> role.isAtLeast(scope.least))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
    }

    /** The scope of this form; empty for none. */
    public static Optional<Scope> parse(String text) {
        return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
    }

    /** The authority that Spring Security makes of this scope. */
    public String authority() {
        return "SCOPE_" + text;
    }

    /** The form of tokens. */
    @Override
    public String toString() {
        return text;
    }
}
