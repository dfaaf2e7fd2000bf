package dev.freshet.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate for the name localhost, which is created once. */
public final class SelfSigned {

    private static final String PASSWORD = "changeit";

    private static final class Shared {
        private static final KeyStore KEYS = create();
        private static final SSLContext CONTEXT = trust(KEYS);
    }

    private SelfSigned() {}

    /** Returns the store with the certificate and its key. */
    public static KeyStore keys() {
        return Shared.KEYS;
    }

    /** Returns a context with the key, which trusts the certificate. */
    public static SSLContext context() {
        return Shared.CONTEXT;
    }

    private static KeyStore create() {
        try {
            var folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "instances")), "keys-");
            var file = folder.resolve("keys.p12");
            var arguments =
                    "-genkeypair -alias localhost -keyalg EC -groupname secp256r1 -validity 2 -dname CN=localhost"
                            + " -ext SAN=dns:localhost -storetype PKCS12 -storepass " + PASSWORD + " -keystore " + file;
            var command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
            command.addAll(List.of(arguments.split(" ")));
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new IllegalStateException("keytool failed");
            }
            return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext trust(KeyStore keys) {
        try {
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, PASSWORD.toCharArray());
            var authorities = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            authorities.init(keys);
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), authorities.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
