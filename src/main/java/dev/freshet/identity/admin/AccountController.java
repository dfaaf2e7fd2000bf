package dev.freshet.identity.admin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.AccountCreation;
import dev.freshet.identity.account.AccountFields;
import dev.freshet.identity.account.Accounts;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The administration of accounts. */
@RestController
@RequestMapping("/api/v1/accounts")
@Tag(name = "Accounts")
class AccountController {

    private static final int MAX_PAGE_SIZE = 100;

    private final Accounts accounts;
    private final AccountCreation creation;
    private final AccountAdministration administration;

    AccountController(Accounts accounts, AccountCreation creation, AccountAdministration administration) {
        this.accounts = accounts;
        this.creation = creation;
        this.administration = administration;
    }

    /** @param password null if the owner sets one by a password reset, or needs none */
    record NewAccount(
            @Nullable String name,
            @Nullable String email,
            @Nullable String role,
            @Nullable String password) {}

    /**
     * Null leaves a field as it is.
     *
     * @param email empty to remove the address
     * @param disabled true to revoke the account's credentials and refuse new ones
     */
    record AccountChange(
            @Nullable String role,
            @Nullable String email,
            @Nullable Boolean disabled) {}

    /** @param next the {@code after} of the next page; null on the last page */
    record AccountPage(List<Account> items, @Nullable String next) {}

    @GetMapping
    @Operation(summary = "List the accounts by name")
    Mono<AccountPage> list(
            @RequestParam(defaultValue = "") String after, @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MAX_PAGE_SIZE) {
            throw Problem.INVALID_REQUEST.because("limit must be from 1 to " + MAX_PAGE_SIZE + ".");
        }
        if (after.indexOf('\0') >= 0) {
            throw Problem.INVALID_REQUEST.because("after is invalid. Use the value of next of the previous page.");
        }
        return accounts.list(after, limit + 1).collectList().map(found -> {
            var items = List.copyOf(found.subList(0, Math.min(limit, found.size())));
            return new AccountPage(items, found.size() > limit ? items.getLast().name() : null);
        });
    }

    @PostMapping
    @Operation(summary = "Create an account")
    Mono<ResponseEntity<Account>> create(@RequestBody NewAccount body) {
        return creation.create(body.name(), body.email(), AccountFields.requireRole(body.role()), body.password())
                .map(account -> ResponseEntity.created(URI.create("/api/v1/accounts/" + account.id()))
                        .body(account));
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read an account")
    Mono<Account> read(@PathVariable UUID id) {
        return administration.read(id);
    }

    @PatchMapping("/{id}")
    @Operation(
            summary = "Change an account's role or e-mail address, or disable it",
            description = "Takes effect with the next request."
                    + " Disabling an account ends its sessions and revokes its tokens.")
    Mono<Account> change(@PathVariable UUID id, @RequestBody AccountChange body) {
        var role = body.role() == null ? null : AccountFields.requireRole(body.role());
        var email = body.email();
        if (email != null && !email.isEmpty()) {
            AccountFields.checkEmail(email).ifPresent(error -> {
                throw Problem.invalid(List.of(error));
            });
        }
        return administration.change(id, new AccountAdministration.Change(role, email, body.disabled()));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Close an account", description = "Revokes its credentials and keeps its articles.")
    Mono<Void> close(@PathVariable UUID id) {
        return administration.close(id);
    }
}
