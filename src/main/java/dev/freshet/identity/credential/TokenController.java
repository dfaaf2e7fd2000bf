package dev.freshet.identity.credential;

import dev.freshet.identity.account.Caller;
import dev.freshet.identity.account.CurrentCaller;
import dev.freshet.identity.credential.TokenRequests.ApiToken;
import dev.freshet.identity.credential.TokenRequests.TokenRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The caller's API tokens for programs: with a name, scopes and an end, shown once. */
@RestController
@RequestMapping("/api/v1/tokens")
@Tag(name = "Accounts")
class TokenController {

    private final TokenRequests tokens;

    TokenController(TokenRequests tokens) {
        this.tokens = tokens;
    }

    record ApiTokens(List<ApiToken> items) {}

    @GetMapping
    @Operation(summary = "List your tokens, newest first")
    Mono<ApiTokens> list(@CurrentCaller Caller caller) {
        return tokens.list(caller).map(ApiTokens::new);
    }

    @PostMapping
    @Operation(summary = "Create a token for a program", description = "Only this response shows the token.")
    Mono<ResponseEntity<ApiToken>> create(@CurrentCaller Caller caller, @RequestBody TokenRequest request) {
        return tokens.create(caller, request)
                .map(token -> ResponseEntity.created(URI.create("/api/v1/tokens/" + token.id()))
                        .cacheControl(CacheControl.noStore())
                        .body(token));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Revoke a token",
            description = "Takes effect at every instance within seconds, and ends its streams.")
    Mono<Void> revoke(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return tokens.revoke(caller, id);
    }
}
