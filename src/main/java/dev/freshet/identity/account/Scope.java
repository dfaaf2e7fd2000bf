package dev.freshet.identity.account;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rights that a credential grants, limited by the account's role. */
public enum Scope {
    /** Read private data: drafts, the followed feed. */
    ARTICLES_READ("articles:read", Role.READER),
    /** Write articles. */
    ARTICLES_WRITE("articles:write", Role.AUTHOR),
    /** Manage the own account: password, tokens, sessions, followed names. */
    ACCOUNT("account", Role.READER),
    /** Manage all accounts. */
    ACCOUNTS_MANAGE("accounts:manage", Role.ADMIN),
    /** Read metrics and other operational data. */
    OPS("ops", Role.ADMIN);

    private final String text;
    private final Role least;

    Scope(String text, Role least) {
        this.text = text;
        this.least = least;
    }

    /** Returns all scopes that a role includes. */
    public static Set<Scope> of(Role role) {
        return of(role, Arrays.asList(values()));
    }

    /** Returns the given scopes that a role includes. */
    public static Set<Scope> of(Role role, Collection<Scope> scopes) {
        return scopes.stream()
                .filter(scope -> role.isAtLeast(scope.least))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
    }

    /** Parses a scope; empty for unknown text. */
    public static Optional<Scope> parse(String text) {
        return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
    }

    /** Returns the authority in Spring Security. */
    public String authority() {
        return "SCOPE_" + text;
    }

    /** Returns the form in tokens. */
    @Override
    public String toString() {
        return text;
    }
}
