package dev.freshet.identity.admin;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.admin.AccountRequests.AccountChange;
import dev.freshet.identity.admin.AccountRequests.AccountPage;
import dev.freshet.identity.admin.AccountRequests.NewAccount;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.UUID;
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

    private final AccountRequests accounts;

    AccountController(AccountRequests accounts) {
        this.accounts = accounts;
    }

    @GetMapping
    @Operation(summary = "List the accounts by name")
    Mono<AccountPage> list(
            @RequestParam(defaultValue = "") String after, @RequestParam(defaultValue = "100") int limit) {
        return accounts.list(after, limit);
    }

    @PostMapping
    @Operation(summary = "Create an account")
    Mono<ResponseEntity<Account>> create(@RequestBody NewAccount body) {
        return accounts.create(body)
                .map(account -> ResponseEntity.created(URI.create("/api/v1/accounts/" + account.id()))
                        .body(account));
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read an account")
    Mono<Account> read(@PathVariable UUID id) {
        return accounts.read(id);
    }

    @PatchMapping("/{id}")
    @Operation(
            summary = "Change an account's role or e-mail address, or disable it",
            description = "Takes effect with the next request."
                    + " Disabling an account ends its sessions and revokes its tokens.")
    Mono<Account> change(@PathVariable UUID id, @RequestBody AccountChange body) {
        return accounts.change(id, body);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Close an account", description = "Revokes its credentials and keeps its articles.")
    Mono<Void> close(@PathVariable UUID id) {
        return accounts.close(id);
    }
}
