package dev.freshet.identity.signin;

import dev.freshet.platform.http.ClientAddress;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Password resets by mail. */
@RestController
@Tag(name = "Accounts")
class PasswordResetController {

    private final PasswordRequests passwords;

    PasswordResetController(PasswordRequests passwords) {
        this.passwords = passwords;
    }

    /** @param name or e-mail address */
    record ResetRequest(@Nullable String name) {}

    record TokenAndPassword(
            @Nullable String token, @Nullable String password) {}

    @PostMapping("/api/v1/password-resets")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Request a password reset",
            description = "Mails a token if the account exists and has an e-mail address."
                    + " The response is the same in every case.")
    Mono<Void> request(@RequestBody ResetRequest body, ServerHttpRequest request) {
        return passwords.requestReset(body.name(), ClientAddress.of(request.getRemoteAddress()));
    }

    @PutMapping("/api/v1/password-resets")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Set a new password",
            description =
                    "Requires the token from the mail." + " Ends all sessions of the account and revokes its tokens.")
    Mono<Void> reset(@RequestBody TokenAndPassword body) {
        return passwords.reset(body.token(), body.password());
    }
}
