package dev.freshet.identity.signin;

import dev.freshet.identity.account.Account;
import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Sign-up. */
@RestController
@Tag(name = "Accounts")
class SignUpController {

    private final SignUp signUp;

    SignUpController(SignUp signUp) {
        this.signUp = signUp;
    }

    /** @param role refused; a separate error explains that clients cannot choose it */
    record SignUpRequest(
            @Nullable String name,
            @Nullable String email,
            @Nullable String role,
            @Nullable String password) {}

    @PostMapping("/api/v1/sign-up")
    @Operation(summary = "Create your own account", description = "Available if freshet.auth.sign-up is true.")
    Mono<ResponseEntity<Account>> signUp(@RequestBody SignUpRequest request) {
        if (request.role() != null) {
            throw Problem.invalid(List.of(new Invalid("role", "cannot be chosen at sign-up; leave it out")));
        }
        return signUp.create(request.name(), request.email(), request.password())
                .map(account -> ResponseEntity.created(URI.create("/api/v1/accounts/" + account.id()))
                        .body(account));
    }
}
