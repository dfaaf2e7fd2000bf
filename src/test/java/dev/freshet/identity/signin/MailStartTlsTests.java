package dev.freshet.identity.signin;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import reactor.core.publisher.Signal;

/** Mail with STARTTLS and a password, by the settings of the example configuration. */
class MailStartTlsTests {

    private static final String PASSWORD = "secret";
    private static final String STORE_PASSWORD = "changeit";

    // A self-signed certificate for localhost.
    private static KeyStore keys;
    private static SSLContext server;

    @BeforeAll
    static void createCertificate(@TempDir Path folder) throws Exception {
        var file = folder.resolve("keys.p12");
        var arguments = "-genkeypair -alias smtp -keyalg EC -groupname secp256r1 -validity 2 -dname CN=localhost"
                + " -ext SAN=dns:localhost -storetype PKCS12 -storepass " + STORE_PASSWORD + " -keystore " + file;
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments.split(" ")));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        keys = KeyStore.getInstance(file.toFile(), STORE_PASSWORD.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, STORE_PASSWORD.toCharArray());
        server = SSLContext.getInstance("TLS");
        server.init(managers.getKeyManagers(), null, null);
    }

    @Test
    void mailAndPasswordAreSentOverTls() throws Exception {
        try (var smtp = new StartTlsServer(server, true)) {
            assertThat(send(smtp, "localhost", trusting()).getThrowable()).isNull();
            assertThat(smtp.plain()).allMatch(line -> line.startsWith("EHLO") || line.equals("STARTTLS"));
            assertThat(smtp.encrypted()).contains("Subject: Over TLS").anyMatch(line -> line.startsWith("AUTH PLAIN"));
        }
    }

    @Test
    void unknownCertificateIsRefused() throws Exception {
        try (var smtp = new StartTlsServer(server, true)) {
            assertThat(send(smtp, "localhost", null).getThrowable())
                    .hasRootCauseInstanceOf(CertPathBuilderException.class);
            assertThat(smtp.encrypted()).isEmpty();
        }
    }

    @Test
    void certificateOfAnotherHostIsRefused() throws Exception {
        try (var smtp = new StartTlsServer(server, true)) {
            assertThat(send(smtp, "127.0.0.1", trusting()).getThrowable())
                    .hasRootCauseInstanceOf(CertificateException.class);
            assertThat(smtp.encrypted()).noneMatch(line -> line.startsWith("AUTH"));
        }
    }

    @Test
    void nothingIsSent_whenTheServerOffersNoTls() throws Exception {
        try (var smtp = new StartTlsServer(server, false)) {
            assertThat(send(smtp, "localhost", trusting()).getThrowable())
                    .rootCause()
                    .hasMessageContaining("STARTTLS is required");
            assertThat(smtp.plain()).allMatch(line -> line.startsWith("EHLO") || line.equals("QUIT"));
        }
    }

    /** Sends a mail with the commented settings of the example configuration. */
    private static Signal<Void> send(StartTlsServer smtp, String host, @Nullable SSLContext trust) throws IOException {
        var properties = new Properties();
        properties.putAll(exampleProperties());
        if (trust != null) {
            properties.put("mail.smtp.ssl.socketFactory", trust.getSocketFactory());
        }
        var sender = new JavaMailSenderImpl();
        sender.setHost(host);
        sender.setPort(smtp.port());
        sender.setUsername("freshet");
        sender.setPassword(PASSWORD);
        sender.setJavaMailProperties(properties);
        try (var mailer = new SmtpMailer(sender, "news@example.org")) {
            return get(mailer.send("zoe@example.org", "Over TLS", "Hello").materialize());
        }
    }

    private static Map<String, String> exampleProperties() throws IOException {
        var properties = new HashMap<>(Files.readAllLines(Path.of("config", "freshet.example.yaml")).stream()
                .filter(line -> line.contains("[mail.smtp."))
                .collect(Collectors.toMap(
                        line -> line.replaceAll(".*\\[(.*)].*", "$1"), line -> line.replaceAll(".*: *", ""))));
        assertThat(properties).containsKeys("mail.smtp.auth", "mail.smtp.starttls.enable");
        return properties;
    }

    private static SSLContext trusting() throws GeneralSecurityException, IOException {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("smtp", keys.getCertificate("smtp"));
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
