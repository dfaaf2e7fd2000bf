package dev.freshet.identity.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.KeyProvider;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import org.jspecify.annotations.Nullable;

/** An OpenID Connect server in this JVM, with any number of issuers. */
public final class TestProvider implements AutoCloseable {

    public static final String AUDIENCE = "freshet-api";

    private final Keys keys = new Keys();
    private final int port;
    private final MockOAuth2Server server =
            new MockOAuth2Server(new OAuth2Config(true, null, null, false, new OAuth2TokenProvider(keys)));

    private TestProvider(int port) {
        this.port = port;
    }

    /** Creates a provider that is down. */
    public static TestProvider down() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new TestProvider(socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates a provider that is up. */
    public static TestProvider up() {
        var provider = down();
        provider.start();
        return provider;
    }

    /** Starts it, and issues a token, since the first one may take longer on a busy machine than a client waits. */
    public void start() {
        server.start(InetAddress.getLoopbackAddress(), port);
        token("warm-up", "nobody", Map.of());
    }

    /** Returns the issuer identifier of a realm, and creates its key. */
    public String issuer(String name) {
        keys.signingKey(name);
        return "http://localhost:" + port + "/" + name;
    }

    /** Issues a token for an audience, valid for this number of seconds. */
    public String token(String issuer, String subject, String audience, long seconds, Map<String, Object> claims) {
        return server.issueToken(
                        issuer,
                        "some-client",
                        new DefaultOAuth2TokenCallback(issuer, subject, "JWT", List.of(audience), claims, seconds))
                .serialize();
    }

    public String token(String issuer, String subject, Map<String, Object> claims) {
        return token(issuer, subject, AUDIENCE, 600, claims);
    }

    /** Returns the current signing key of an issuer. */
    public RSAKey key(String issuer) {
        return keys.signingKey(issuer);
    }

    /** Replaces the signing key of an issuer. */
    public void rotate(String issuer) {
        keys.byIssuer.put(issuer, keys.next());
    }

    @Override
    public void close() {
        server.shutdown();
    }

    private static final class Keys extends KeyProvider {

        // Creating a key takes long, so that all providers have the same.
        private static final List<RSAKey> ALL = new ArrayList<>();

        private final Map<String, RSAKey> byIssuer = new ConcurrentHashMap<>();
        private final AtomicInteger used = new AtomicInteger();

        @Override
        public RSAKey signingKey(String issuer) {
            return byIssuer.computeIfAbsent(issuer, absent -> next());
        }

        @Override
        public List<JWK> get(@Nullable JWKSelector selector, @Nullable SecurityContext context) {
            return Objects.requireNonNull(selector).select(new JWKSet(List.copyOf(byIssuer.values())));
        }

        /** Returns a key that no issuer of this provider has had. */
        RSAKey next() {
            var index = used.getAndIncrement();
            synchronized (ALL) {
                while (ALL.size() <= index) {
                    ALL.add(create());
                }
                return ALL.get(index);
            }
        }

        private static RSAKey create() {
            try {
                return new RSAKeyGenerator(2048)
                        .keyID(UUID.randomUUID().toString())
                        .keyUse(KeyUse.SIGNATURE)
                        .generate();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
