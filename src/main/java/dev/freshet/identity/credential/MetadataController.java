package dev.freshet.identity.credential;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.identity.account.Scope;
import dev.freshet.platform.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Publishes the metadata of the token issuer for other services. */
@RestController
@Tag(name = "Accounts")
class MetadataController {

    private static final String KEYS = "/.well-known/jwks.json";
    private static final Duration MAX_AGE = Duration.ofHours(1);

    private final String issuer;

    MetadataController(AuthSettings settings) {
        this.issuer = settings.issuer();
    }

    /** Names no OAuth grants, since this server supports none. */
    record Metadata(
            String issuer,
            @JsonProperty("jwks_uri") String keys,
            @JsonProperty("scopes_supported") List<String> scopes,
            @JsonProperty("response_types_supported") List<String> responseTypes,
            @JsonProperty("grant_types_supported") List<String> grantTypes) {}

    @GetMapping("/.well-known/oauth-authorization-server")
    @Operation(
            summary = "Read the metadata of the token issuer (RFC 8414)",
            description = "Available if freshet.auth.issuer is the address of this server.")
    ResponseEntity<Metadata> metadata() {
        if (!issuer.startsWith("https://") && !issuer.startsWith("http://")) {
            throw Problem.NOT_FOUND.because(
                    "The setting freshet.auth.issuer is not an address. The keys are at " + KEYS + ".");
        }
        var address = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(MAX_AGE).cachePublic())
                .body(new Metadata(
                        issuer,
                        address + KEYS,
                        Arrays.stream(Scope.values()).map(Scope::toString).toList(),
                        List.of(),
                        List.of()));
    }
}
