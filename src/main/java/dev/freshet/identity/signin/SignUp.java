package dev.freshet.identity.signin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Passwords;
import dev.freshet.identity.account.Role;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.util.ArrayList;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Creates accounts. */
@Component
public class SignUp {

    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}@]{1,60}");
    public static final Pattern EMAIL = Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,190}");
    public static final Invalid BAD_EMAIL = new Invalid("email", "must be an address such as ann@example.org");

    private final Accounts accounts;
    private final Passwords passwords;
    private final SignUpSettings settings;
    private final TransactionalOperator transactions;

    SignUp(Accounts accounts, Passwords passwords, SignUpSettings settings, TransactionalOperator transactions) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.settings = settings;
        this.transactions = transactions;
    }

    /** Returns whether anyone may create an account. */
    public boolean isOpen() {
        return settings.signUp();
    }

    /**
     * Creates an account for an anonymous caller.
     *
     * @return fails with the problem for the client
     */
    public Mono<Account> make(@Nullable String name, @Nullable String email, @Nullable String password) {
        if (!isOpen()) {
            throw Problem.FORBIDDEN.because("Accounts are made by an admin here.");
        }
        return make(name, email, settings.newcomers(), password, true);
    }

    /**
     * Creates an account.
     *
     * @param needsPassword false where a password may be set later by mail, or never
     */
    public Mono<Account> make(
            @Nullable String wantedName,
            @Nullable String email,
            Role role,
            @Nullable String password,
            boolean needsPassword) {
        var name = wantedName == null ? "" : wantedName.strip();
        var faults = new ArrayList<Invalid>();
        if (!NAME.matcher(name).matches()) {
            faults.add(new Invalid("name", "must have 1 to 60 characters, no @ and no control characters"));
        }
        if (email != null && !EMAIL.matcher(email).matches()) {
            faults.add(BAD_EMAIL);
        }
        if (needsPassword || password != null) {
            faults.addAll(Passwords.faults("password", password, name));
        }
        if (!faults.isEmpty()) {
            throw Problem.invalid(faults);
        }
        var id = UUID.randomUUID();
        var hash = password == null ? Mono.just("") : passwords.hash(password);
        return hash.flatMap(hashed -> transactions.transactional(accounts.create(id, name, email, role.toString())
                .filter(rows -> rows == 1)
                .switchIfEmpty(Mono.error(() ->
                        Problem.ACCOUNT_EXISTS.because("There is an account of this name or e-mail address already.")))
                .flatMap(rows -> hashed.isEmpty() ? Mono.empty() : passwords.set(id, hashed))
                .then(Mono.defer(() -> accounts.findActive(id)))));
    }
}
