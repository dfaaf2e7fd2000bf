package dev.freshet.identity.signin;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.platform.http.ClientAddress;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The caller's own password. */
@RestController
@Tag(name = "Accounts")
class PasswordController {

    private final PasswordRequests passwords;

    PasswordController(PasswordRequests passwords) {
        this.passwords = passwords;
    }

    /** @param current null if the account has no password yet */
    record NewPassword(@Nullable String current, @Nullable String password) {}

    @PutMapping("/api/v1/account/password")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Change your password",
            description = "Ends all other sessions of the account and revokes its tokens.")
    Mono<Void> change(@CurrentCaller Caller caller, @RequestBody NewPassword body, ServerHttpRequest request) {
        return passwords.change(caller, body.current(), body.password(), ClientAddress.of(request.getRemoteAddress()));
    }
}
