package dev.freshet.identity.account;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;

/** A right of a credential. It applies only if the account's role allows it too. */
public enum Scope {
    /** Read the account's own drafts and its followed feed. */
    ARTICLES_READ("articles:read", Role.READER),
    /** Write articles. */
    ARTICLES_WRITE("articles:write", Role.AUTHOR),
    /** Manage the caller's own account: password, tokens, sessions, follows. */
    ACCOUNT("account", Role.READER),
    /** Administer all accounts. */
    ACCOUNTS_MANAGE("accounts:manage", Role.ADMIN),
    /** Read metrics and other operational endpoints. */
    OPS("ops", Role.ADMIN);

    private final String text;
    private final Role minRole;

    Scope(String text, Role minRole) {
        this.text = text;
        this.minRole = minRole;
    }

    /** Returns all scopes that a role allows. */
    public static Set<Scope> of(Role role) {
        return of(role, Arrays.asList(values()));
    }

    /** Returns those of these scopes that a role allows. */
    public static Set<Scope> of(Role role, Collection<Scope> scopes) {
        return scopes.stream()
                .filter(scope -> role.isAtLeast(scope.minRole))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
    }

    /** Returns the scope with this name, for example {@code articles:read}. */
    public static Optional<Scope> parse(String text) {
        return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
    }

    /** Parses scopes, and ignores unknown ones. */
    public static Set<Scope> parseKnown(Collection<String> names) {
        return names.stream()
                .flatMap(name -> parse(name).stream())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
    }

    /**
     * Creates the problem of a credential without this scope, with its challenge (RFC 6750, section 3).
     *
     * @param subject names the resource; the beginning of the detail
     */
    public ProblemException missing(String subject) {
        var problem = Problem.FORBIDDEN.because(subject + " requires the scope " + text + ".");
        problem.getHeaders()
                .set(
                        HttpHeaders.WWW_AUTHENTICATE,
                        ProblemException.CHALLENGE + ", error=\"insufficient_scope\", scope=\"" + text + "\"");
        return problem;
    }

    /** Returns the authority in Spring Security. */
    public String authority() {
        return "SCOPE_" + text;
    }

    /** Returns the form of tokens and JSON. */
    @Override
    public String toString() {
        return text;
    }
}
