package dev.freshet.security;

import dev.freshet.account.Account;
import dev.freshet.account.Accounts;
import dev.freshet.account.Role;
import dev.freshet.problem.Invalid;
import dev.freshet.problem.Problem;
import java.util.ArrayList;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Makes accounts. */
@Component
public class SignUp {

    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}@]{1,60}");
    static final Pattern EMAIL = Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,190}");
    static final Invalid BAD_EMAIL = new Invalid("email", "must be an address such as ann@example.org");

    private final Accounts accounts;
    private final Passwords passwords;
    private final AuthSettings settings;
    private final TransactionalOperator transactions;

    SignUp(Accounts accounts, Passwords passwords, AuthSettings settings, TransactionalOperator transactions) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.settings = settings;
        this.transactions = transactions;
    }

    /** Whether anybody may make an account. */
    public boolean isOpen() {
        return settings.signUp();
    }

    /**
     * Makes the account of whoever asks.
     *
     * @return fails with the problem that the client is to be told of
     */
    public Mono<Account> make(@Nullable String name, @Nullable String email, @Nullable String password) {
        if (!isOpen()) {
            throw Problem.FORBIDDEN.because("Accounts are made by an admin here.");
        }
        return make(name, email, settings.newcomers(), password, true);
    }

    /** @param needsPassword where not, one may be set by a mail, or there may be none */
    Mono<Account> make(
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
                .then(Mono.defer(() -> accounts.findById(id)))));
    }
}
