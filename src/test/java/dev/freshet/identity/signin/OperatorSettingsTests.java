package dev.freshet.identity.signin;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.ServerSetup;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.Credentials;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.io.IOException;
import java.net.ServerSocket;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/** Settings of an operator: own mail server and address, and no sign-up. */
class OperatorSettingsTests {

    private static final String RESETS = "/api/v1/password-resets";
    private static final String PASSWORD = "correct horse battery";

    @RegisterExtension
    static final GreenMailExtension MAIL = new GreenMailExtension(
                    new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP))
            .withConfiguration(GreenMailConfiguration.aConfig().withUser("freshet", "secret"))
            .withPerMethodLifecycle(false);

    @RegisterExtension
    static final GreenMailExtension TLS_MAIL =
            new GreenMailExtension(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));

    private static Freshet instance;

    @BeforeAll
    static void start() throws IOException {
        var port = freePort();
        instance = Freshet.start(
                Stores.database(),
                "",
                Map.of(
                        "server.port", Integer.toString(port),
                        "freshet.samples", "false",
                        "freshet.auth.issuer", "http://127.0.0.1:" + port,
                        "freshet.mail.from", "Freshet <news@example.org>",
                        "spring.mail.host", "127.0.0.1",
                        "spring.mail.port", Integer.toString(MAIL.getSmtp().getPort()),
                        "spring.mail.username", "freshet",
                        "spring.mail.password", "secret"));
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void passwordResetTokenIsMailedBySmtp() throws Exception {
        account("Zoë", "zoe@example.org");
        assertThat(forget("Zoë").getStatusCode()).isEqualTo(HttpStatus.ACCEPTED);
        assertThat(MAIL.waitForIncomingEmail(TIMEOUT.toMillis(), 1)).isTrue();
        var mail = MAIL.getReceivedMessages()[0];
        assertThat(mail.getFrom()[0]).hasToString("Freshet <news@example.org>");
        assertThat(mail.getAllRecipients()[0]).hasToString("zoe@example.org");
        var text = Objects.requireNonNull((String) mail.getContent());
        assertThat(text).contains("for Zoë");
        var token = Pattern.compile("frr_\\S+").matcher(text);
        assertThat(token.find()).isTrue();
        var reset = "{\"token\": \"%s\", \"password\": \"%s\"}".formatted(token.group(), PASSWORD);
        assertThat(send(HttpMethod.PUT, RESETS, reset, null).getStatusCode()).isEqualTo(HttpStatus.NO_CONTENT);
        assertThat(send(
                                HttpMethod.POST,
                                "/api/v1/session",
                                "{\"name\": \"zoe@example.org\", \"password\": \"%s\"}".formatted(PASSWORD),
                                null)
                        .getStatusCode())
                .isEqualTo(HttpStatus.OK);
        // Unknown accounts receive no mail, and Zoë receives only a few.
        MAIL.purgeEmailFromAllMailboxes();
        for (var i = 0; i < 4; i++) {
            forget("zoe@example.org");
        }
        account("Yan", "yan@example.org");
        forget("unknown");
        forget("Yan");
        assertThat(MAIL.waitForIncomingEmail(TIMEOUT.toMillis(), 4)).isTrue();
        assertThat(MAIL.getReceivedMessagesForDomain("yan@example.org")).hasSize(1);
        assertThat(MAIL.getReceivedMessagesForDomain("zoe@example.org")).hasSize(3);
    }

    @Test
    void mailOverTlsRequiresATrustedCertificate() throws Exception {
        var configured = (JavaMailSenderImpl) instance.bean(JavaMailSender.class);
        var sender = new JavaMailSenderImpl();
        sender.setProtocol("smtps");
        sender.setHost("127.0.0.1");
        sender.setPort(TLS_MAIL.getSmtps().getPort());
        sender.setJavaMailProperties(configured.getJavaMailProperties());
        assertThat(send(sender).getThrowable()).hasRootCauseInstanceOf(CertPathBuilderException.class);
        assertThat(TLS_MAIL.getReceivedMessages()).isEmpty();
        // A new one, since the sender holds its mail session.
        var trusting = new JavaMailSenderImpl();
        trusting.setProtocol("smtps");
        trusting.setHost("127.0.0.1");
        trusting.setPort(TLS_MAIL.getSmtps().getPort());
        trusting.getJavaMailProperties().put("mail.smtps.ssl.trust", "127.0.0.1");
        trusting.getJavaMailProperties().put("mail.smtps.ssl.checkserveridentity", "false");
        assertThat(send(trusting).isOnComplete()).isTrue();
        assertThat(TLS_MAIL.waitForIncomingEmail(TIMEOUT.toMillis(), 1)).isTrue();
        assertThat(TLS_MAIL.getReceivedMessages()[0].getSubject()).isEqualTo("Over TLS");
    }

    private static Signal<Void> send(JavaMailSender sender) {
        try (var mailer = new SmtpMailer(sender, "news@example.org")) {
            return get(mailer.send("zoe@example.org", "Over TLS", "Hello").materialize());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"connectiontimeout", "timeout", "writetimeout"})
    void mailHasTimeLimits_alsoOverTls(String limit) {
        var properties = ((JavaMailSenderImpl) instance.bean(JavaMailSender.class)).getJavaMailProperties();
        assertThat(properties).containsKey("mail.smtp." + limit);
        assertThat(properties.get("mail.smtps." + limit)).isEqualTo(properties.get("mail.smtp." + limit));
    }

    @Test
    void silentMailServerTimesOut() {
        account("Xenia", "xenia@example.org");
        account("Vera", "vera@example.org");
        var resets = resets((address, subject, text) -> Mono.never());
        try {
            List.of("Xenia", "Vera", "Xenia", "Vera").forEach(resets::request);
            assertThatThrownBy(() -> {
                        for (var i = 0; i < 1_000; i++) {
                            resets.request("unknown");
                        }
                    })
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("Too many password resets");
        } finally {
            resets.stop();
        }
    }

    @Test
    void failedMailDoesNotStopLaterMails() {
        account("Uma", "uma@example.org");
        var sent = new LinkedBlockingQueue<String>();
        var resets = resets((address, subject, text) -> sent.offer(address) && sent.size() == 1
                ? Mono.error(new IOException("no such mailbox"))
                : Mono.empty());
        try {
            resets.request("Uma");
            resets.request("Uma");
            until(() -> sent.size() == 2);
        } finally {
            resets.stop();
        }
    }

    private static PasswordResetMails resets(Mailer mailer) {
        var resets = new PasswordResetMails(
                instance.bean(Accounts.class),
                instance.bean(Credentials.class),
                mailer,
                instance.bean(TransactionalOperator.class));
        resets.start();
        return resets;
    }

    @Test
    void otherServicesVerifyTokensByTheIssuerAddress() {
        var id = account("Will", "will@example.org");
        var token = instance.bean(Tokens.class)
                .issue(id, Scope.of(Role.READER), Duration.ofMinutes(1), UUID.randomUUID())
                .block(TIMEOUT);
        var decoder = NimbusReactiveJwtDecoder.withIssuerLocation(instance.url())
                .validateType(false)
                .build();
        decoder.setJwtValidator(JwtValidators.createAtJwtValidator()
                .issuer(instance.url())
                .audience(Tokens.AUDIENCE)
                .clientId(Tokens.CLIENT)
                .build());
        var jwt = decoder.decode(Objects.requireNonNull(token)).block(TIMEOUT);
        assertThat(Objects.requireNonNull(jwt).getSubject()).isEqualTo(id.toString());
        assertThat(send(HttpMethod.GET, "/api/v1/session", null, token).getStatusCode())
                .isEqualTo(HttpStatus.OK);
    }

    @Test
    void signUpIsRefusedUnlessEnabled() {
        var wanted = "{\"name\": \"newcomer\", \"password\": \"%s\"}".formatted(PASSWORD);
        assertThat(send(HttpMethod.POST, "/api/v1/sign-up", wanted, null).getStatusCode())
                .isEqualTo(HttpStatus.FORBIDDEN);
    }

    private static UUID account(String name, String email) {
        var id = UUID.randomUUID();
        instance.bean(Accounts.class)
                .create(id, name, email, Role.READER.toString())
                .block(TIMEOUT);
        return id;
    }

    private static ResponseEntity<String> forget(String name) {
        return send(HttpMethod.POST, RESETS, "{\"name\": \"%s\"}".formatted(name), null);
    }

    private static ResponseEntity<String> send(
            HttpMethod method, String path, @Nullable String body, @Nullable String token) {
        var request = instance.client().method(method).uri(path).headers(headers -> {
            if (token != null) {
                headers.setBearerAuth(token);
            }
        });
        if (body != null) {
            request.contentType(MediaType.APPLICATION_JSON).bodyValue(body);
        }
        return Objects.requireNonNull(request.exchangeToMono(response -> response.toEntity(String.class))
                .block(TIMEOUT));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
