package dev.freshet.identity.credential;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import dev.freshet.identity.account.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Issues access tokens: JWTs (RFC 9068) signed with ES256, whose subject is an account's id. */
@Component
public class Tokens {

    /** The default name of the service. */
    public static final String ISSUER = "freshet";

    public static final String AUDIENCE = "freshet";
    public static final String CLIENT = "freshet";
    public static final String TYPE = "at+jwt";
    public static final String SESSION = "sid";

    private final SigningKeys keys;
    private final String issuer;

    Tokens(SigningKeys keys, AuthSettings settings) {
        this.keys = keys;
        this.issuer = settings.issuer();
    }

    /**
     * Issues a token that is valid at every instance on the same data.
     *
     * @param account the id of the subject
     * @param lifetime from now
     * @param session the credential that the token is derived from, and revoked with
     */
    public Mono<String> issue(UUID account, Set<Scope> scopes, Duration lifetime, UUID session) {
        return keys.current().map(key -> {
            var now = Instant.now();
            var claims = JwtClaimsSet.builder()
                    .id(UUID.randomUUID().toString())
                    .issuer(issuer)
                    .audience(List.of(AUDIENCE))
                    .subject(account.toString())
                    .issuedAt(now)
                    .expiresAt(now.plus(lifetime))
                    .claim("client_id", CLIENT)
                    .claim(SESSION, session.toString())
                    .claim("scope", text(scopes))
                    .build();
            var header = JwsHeader.with(SignatureAlgorithm.ES256)
                    .keyId(key.getKeyID())
                    .type(TYPE)
                    .build();
            var encoder = new NimbusJwtEncoder(new ImmutableJWKSet<SecurityContext>(new JWKSet(key)));
            return encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue();
        });
    }

    /** Formats scopes as OAuth does: separated by spaces. */
    public static String text(Set<Scope> scopes) {
        return scopes.stream().map(Scope::toString).sorted().collect(Collectors.joining(" "));
    }
}
