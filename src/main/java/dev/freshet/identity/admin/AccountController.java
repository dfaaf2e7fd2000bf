package dev.freshet.identity.admin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.AccountView;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.identity.account.ExternalIdentities;
import dev.freshet.identity.account.Passwords;
import dev.freshet.identity.account.RequiresToken;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.credential.CredentialType;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.identity.credential.Secret;
import dev.freshet.identity.signin.PasswordResets;
import dev.freshet.identity.signin.SignIn;
import dev.freshet.identity.signin.SignInLimit;
import dev.freshet.identity.signin.SignUp;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Accounts and their passwords: for admins, and for everybody the own one. */
@RestController
@Tag(name = "Accounts")
class AccountController {

    private static final int MOST = 100;

    private final Accounts accounts;
    private final Passwords passwords;
    private final Credentials credentials;
    private final SignInLimit limit;
    private final PasswordResets resets;
    private final SignUp signUp;
    private final ExternalIdentities identities;
    private final TransactionalOperator transactions;

    AccountController(
            Accounts accounts,
            Passwords passwords,
            Credentials credentials,
            SignInLimit limit,
            PasswordResets resets,
            SignUp signUp,
            ExternalIdentities identities,
            TransactionalOperator transactions) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.credentials = credentials;
        this.limit = limit;
        this.resets = resets;
        this.signUp = signUp;
        this.identities = identities;
        this.transactions = transactions;
    }

    /**
     * An account to be made.
     *
     * @param role for admins to choose
     * @param password null for who is to set one by a mail, or who needs none
     */
    record Wanted(
            @Nullable String name,
            @Nullable String email,
            @Nullable String role,
            @Nullable String password) {}

    /**
     * What an account shall be; null for what stays as it is.
     *
     * @param email empty for none
     * @param disabled whether its credentials are revoked and no others are issued, until this is taken back
     */
    record Change(
            @Nullable String role,
            @Nullable String email,
            @Nullable Boolean disabled) {}

    /** @param current null where there is none yet */
    record NewPassword(@Nullable String current, @Nullable String password) {}

    record Reset(@Nullable String token, @Nullable String password) {}

    record Forgotten(@Nullable String name) {}

    /** @param next the {@code after} of the next page, null at the end */
    record Views(List<AccountView> items, @Nullable String next) {}

    @GetMapping("/api/v1/accounts")
    @RequiresToken
    @Operation(summary = "All accounts, by name")
    Mono<Views> list(@RequestParam(defaultValue = "") String after, @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MOST) {
            throw Problem.INVALID_REQUEST.because("limit is from 1 to " + MOST + ".");
        }
        if (after.indexOf('\0') >= 0) {
            throw Problem.INVALID_REQUEST.because("after is not the next of a page.");
        }
        return accounts.list(after, limit + 1)
                .map(AccountView::of)
                .collectList()
                .map(found -> {
                    var items = found.subList(0, Math.min(limit, found.size()));
                    return new Views(
                            List.copyOf(items),
                            found.size() > limit ? items.getLast().name() : null);
                });
    }

    @PostMapping("/api/v1/accounts")
    @RequiresToken
    @Operation(summary = "Create an account")
    Mono<ResponseEntity<AccountView>> create(@RequestBody Wanted wanted) {
        return signUp.make(wanted.name(), wanted.email(), role(wanted.role()), wanted.password(), false)
                .map(AccountController::created);
    }

    @PostMapping("/api/v1/sign-up")
    @Operation(summary = "Make yourself an account", description = "Where freshet.auth.sign-up allows it.")
    Mono<ResponseEntity<AccountView>> signUp(@RequestBody Wanted wanted) {
        if (wanted.role() != null) {
            throw Problem.invalid(List.of(new Invalid("role", "is not for you to choose")));
        }
        return signUp.make(wanted.name(), wanted.email(), wanted.password()).map(AccountController::created);
    }

    private static ResponseEntity<AccountView> created(Account account) {
        return ResponseEntity.created(URI.create("/api/v1/accounts/" + account.id()))
                .body(AccountView.of(account));
    }

    @GetMapping("/api/v1/accounts/{id}")
    @RequiresToken
    @Operation(summary = "An account")
    Mono<AccountView> read(@PathVariable UUID id) {
        return known(id).map(AccountView::of);
    }

    @PatchMapping("/api/v1/accounts/{id}")
    @RequiresToken
    @Operation(
            summary = "Change somebody's role or e-mail address, or disable the account",
            description =
                    "It counts from the next request on. Who is disabled is signed out everywhere, and tokens are revoked.")
    Mono<AccountView> change(@PathVariable UUID id, @RequestBody Change change) {
        var role = change.role() == null ? null : role(change.role());
        var email = change.email();
        if (email != null && !email.isEmpty() && !SignUp.EMAIL.matcher(email).matches()) {
            throw Problem.invalid(List.of(SignUp.BAD_EMAIL));
        }
        var changed = accounts.lockAdmins()
                .flatMap(admins -> known(id).flatMap(account -> {
                    var is = new Account(
                            id,
                            account.name(),
                            email == null ? account.email() : email.isEmpty() ? null : email,
                            role == null ? account.role() : role,
                            account.createdAt(),
                            disabledAt(account, change.disabled()));
                    requireAnAdmin(admins, account, is);
                    return accounts.change(id, is.role().toString(), is.email(), is.isDisabled())
                            .onErrorMap(
                                    DuplicateKeyException.class,
                                    taken -> Problem.ACCOUNT_EXISTS.because(
                                            "There is an account of this e-mail address already."))
                            .then(
                                    is.isDisabled() || account.isDisabled()
                                            ? credentials.revokeAll(id, null)
                                            : Mono.empty())
                            // A token that was mailed to another address must not set the password any more.
                            .then(
                                    Objects.equals(is.email(), account.email())
                                            ? Mono.empty()
                                            : credentials.revokeAllOf(id, CredentialType.RESET))
                            .then(Mono.defer(() -> known(id)));
                }));
        return transactions.transactional(changed).map(AccountView::of);
    }

    private static @Nullable Instant disabledAt(Account account, @Nullable Boolean disabled) {
        if (disabled == null) {
            return account.disabledAt();
        }
        return disabled ? Instant.now() : null;
    }

    @DeleteMapping("/api/v1/accounts/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @RequiresToken
    @Operation(summary = "End an account", description = "Its credentials are revoked, its articles stay.")
    Mono<Void> end(@PathVariable UUID id) {
        var ended = accounts.lockAdmins()
                .flatMap(admins -> known(id).doOnNext(account -> requireAnAdmin(admins, account, null)))
                .then(Mono.defer(() -> credentials.revokeAll(id, null)))
                .then(Mono.defer(() -> accounts.close(id)));
        return transactions.transactional(ended).then();
    }

    @PutMapping("/api/v1/account/password")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @RequiresToken
    @Operation(
            summary = "Change your password",
            description = "All that was signed in with the old one is signed out, and your tokens are revoked.")
    Mono<Void> changePassword(
            @CurrentCaller Caller caller, @RequestBody NewPassword change, ServerHttpRequest request) {
        var account = caller.account();
        var password = good(change.password(), account);
        limit.count(ClientAddress.of(request.getRemoteAddress()), account.name());
        // Who came by a token alone has none to show.
        return passwords
                .exists(account.id())
                .flatMap(exists -> exists
                        ? passwords.check(account.id(), SignIn.require("current", change.current()))
                        : mayHaveFirst(account).thenReturn(true))
                .filter(matches -> matches)
                .switchIfEmpty(
                        Mono.error(() -> Problem.invalid(List.of(new Invalid("current", "is not your password")))))
                .flatMap(matches -> passwords.hash(password))
                .flatMap(hash -> transactions.transactional(passwords
                        .set(account.id(), hash)
                        .then(credentials.revokeAll(account.id(), caller.credential()))));
    }

    /** Whom a provider knows signs in there: whether they still may is for that to say. */
    private Mono<Void> mayHaveFirst(Account account) {
        return identities
                .existsByAccount(account.id())
                .filter(has -> !has)
                .switchIfEmpty(Mono.error(() -> Problem.FORBIDDEN.because(
                        "You sign in elsewhere, with a provider, and have no password here.")))
                .then();
    }

    @PostMapping("/api/v1/password-resets")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Ask for a new password",
            description = "Mails a token where there is such an account with an e-mail address; the answer is the same"
                    + " for all.")
    void forget(@RequestBody Forgotten forgotten, ServerHttpRequest request) {
        var name = SignIn.require("name", forgotten.name());
        limit.count(ClientAddress.of(request.getRemoteAddress()), name);
        resets.ask(name);
    }

    @PutMapping("/api/v1/password-resets")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Set a new password",
            description = "With a token that was mailed. All that was signed in is signed out, and tokens are revoked.")
    Mono<Void> reset(@RequestBody Reset reset) {
        var secret = new Secret(SignIn.require("token", reset.token()));
        return account(secret)
                .flatMap(account -> passwords
                        .hash(good(reset.password(), account))
                        // Asked for again in the transaction, since two may show it at once.
                        .flatMap(hash -> transactions.transactional(account(secret)
                                .flatMap(same -> passwords.set(same.id(), hash))
                                .then(credentials.revokeAll(account.id(), null)))));
    }

    /** Whose password this token may set. */
    private Mono<Account> account(Secret reset) {
        return credentials
                .use(reset, CredentialType.RESET)
                .flatMap(credential -> accounts.findActive(credential.account()))
                .switchIfEmpty(Mono.error(() -> Problem.INVALID_REQUEST.because(
                        "The token is not valid: it is expired or was used. Ask for another one.")));
    }

    private Mono<Account> known(UUID id) {
        return accounts.findActiveOrDisabled(id).switchIfEmpty(Mono.error(AccountController::notFound));
    }

    /**
     * Throws the problem that nobody could look after accounts any more.
     *
     * @param admins how many can before the change
     * @param is the account after it, null for none
     */
    private static void requireAnAdmin(long admins, Account was, @Nullable Account is) {
        if (admins == 1 && isAdmin(was) && (is == null || !isAdmin(is))) {
            throw Problem.LAST_ADMIN.because("Nobody would be left who can look after accounts.");
        }
    }

    private static boolean isAdmin(Account account) {
        return account.role() == Role.ADMIN && !account.isDisabled();
    }

    private static String good(@Nullable String password, Account account) {
        var faults = Passwords.faults("password", password, account.name());
        if (password == null || !faults.isEmpty()) {
            throw Problem.invalid(faults);
        }
        return password;
    }

    private static Role role(@Nullable String text) {
        return Arrays.stream(Role.values())
                .filter(role -> role.toString().equals(text))
                .findFirst()
                .orElseThrow(
                        () -> Problem.invalid(List.of(new Invalid("role", "must be reader, author, editor or admin"))));
    }

    private static RuntimeException notFound() {
        return Problem.ACCOUNT_NOT_FOUND.because("There is no account of this id.");
    }
}
