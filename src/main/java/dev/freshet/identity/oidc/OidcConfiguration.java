package dev.freshet.identity.oidc;

import dev.freshet.identity.signin.BrowserSessions;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/** OpenID Connect providers. */
@Configuration(proxyBeanMethods = false)
class OidcConfiguration {

    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);

    /** The client for requests to providers, with a timeout. Inject it by this name. */
    @Bean(defaultCandidate = false)
    WebClient oidcClient(ReactorResourceFactory eventLoops) {
        return WebClient.builder()
                .clientConnector(
                        new ReactorClientHttpConnector(eventLoops, http -> http.responseTimeout(RESPONSE_TIMEOUT)))
                .build();
    }

    @Bean
    OidcProviders oidcProviders(OidcSettings settings, @Qualifier("oidcClient") WebClient client) {
        return new OidcProviders(settings, client);
    }

    @Bean
    OidcLogin oidcLogin(
            OidcProviders providers,
            OidcAccounts accounts,
            BrowserSessions sessions,
            LoginCookie cookie,
            @Qualifier("oidcClient") WebClient client) {
        return new OidcLogin(providers, accounts, sessions, cookie, client);
    }
}
