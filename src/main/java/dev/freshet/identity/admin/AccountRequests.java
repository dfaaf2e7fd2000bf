package dev.freshet.identity.admin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.AccountCreation;
import dev.freshet.identity.account.AccountFields;
import dev.freshet.identity.account.Accounts;
import dev.freshet.platform.problem.Problem;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Requests for the administration of accounts, as every API makes them. The caller must have the scope {@code
 * accounts:manage}. Results fail with the problem to report to the client.
 */
@Component
public final class AccountRequests {

    private static final int MAX_PAGE_SIZE = 100;

    private final Accounts accounts;
    private final AccountCreation creation;
    private final AccountAdministration administration;

    AccountRequests(Accounts accounts, AccountCreation creation, AccountAdministration administration) {
        this.accounts = accounts;
        this.creation = creation;
        this.administration = administration;
    }

    /**
     * A new account.
     *
     * @param password null if the owner sets one by a password reset, or needs none
     */
    public record NewAccount(
            @Nullable String name,
            @Nullable String email,
            @Nullable String role,
            @Nullable String password) {}

    /**
     * A change of an account. Null leaves a field as it is.
     *
     * @param email empty to remove the address
     * @param disabled true to revoke the account's credentials and refuse new ones
     */
    public record AccountChange(
            @Nullable String role,
            @Nullable String email,
            @Nullable Boolean disabled) {}

    /**
     * A page of accounts.
     *
     * @param next the {@code after} of the next page; null on the last page
     */
    public record AccountPage(List<Account> items, @Nullable String next) {}

    /**
     * Lists active and disabled accounts by name.
     *
     * @param after the {@code next} of the previous page; empty for the first page
     */
    public Mono<AccountPage> list(String after, int limit) {
        return Mono.defer(() -> {
            if (limit < 1 || limit > MAX_PAGE_SIZE) {
                throw Problem.INVALID_REQUEST.because("limit must be from 1 to " + MAX_PAGE_SIZE + ".");
            }
            if (after.indexOf('\0') >= 0) {
                throw Problem.INVALID_REQUEST.because("after is invalid. Use the value of next of the previous page.");
            }
            return accounts.list(after, limit + 1).collectList().map(found -> {
                var items = List.copyOf(found.subList(0, Math.min(limit, found.size())));
                return new AccountPage(
                        items, found.size() > limit ? items.getLast().name() : null);
            });
        });
    }

    /** Creates an account. */
    public Mono<Account> create(NewAccount account) {
        return Mono.defer(() -> creation.create(
                account.name(), account.email(), AccountFields.requireRole(account.role()), account.password()));
    }

    /** Reads an active or disabled account. */
    public Mono<Account> read(UUID id) {
        return administration.read(id);
    }

    /** Changes an account, and returns the changed one. */
    public Mono<Account> change(UUID id, AccountChange change) {
        return Mono.defer(() -> {
            var role = change.role() == null ? null : AccountFields.requireRole(change.role());
            var email = change.email();
            if (email != null && !email.isEmpty()) {
                AccountFields.checkEmail(email).ifPresent(error -> {
                    throw Problem.invalid(List.of(error));
                });
            }
            return administration.change(id, new AccountAdministration.Change(role, email, change.disabled()));
        });
    }

    /** Closes an account: revokes its credentials and keeps its articles. */
    public Mono<Void> close(UUID id) {
        return administration.close(id);
    }
}
