package dev.freshet.identity.oidc;

import dev.freshet.identity.account.AuthenticatedAccount;
import dev.freshet.identity.signin.BrowserSessions;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.config.web.server.ServerHttpSecurity.OAuth2LoginSpec;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeReactiveAuthenticationManager;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcReactiveOAuth2UserService;
import org.springframework.security.oauth2.client.userinfo.DefaultReactiveOAuth2UserService;
import org.springframework.security.oauth2.client.web.server.ServerOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/**
 * Signs browsers in through a provider (OpenID Connect's code flow with PKCE, state and nonce). The provider's tokens
 * are verified once and discarded; from then on the session is this server's own.
 */
public final class OidcLogin {

    private static final Logger log = LoggerFactory.getLogger(OidcLogin.class);
    private static final URI FAILED = URI.create("/sign-in?failed=provider");
    private static final List<String> PATHS = List.of("/oauth2/authorization/", "/login/oauth2/code/");

    private final OidcProviders providers;
    private final OidcAccounts accounts;
    private final BrowserSessions sessions;
    private final LoginCookie cookie;
    private final WebClient client;

    OidcLogin(
            OidcProviders providers,
            OidcAccounts accounts,
            BrowserSessions sessions,
            LoginCookie cookie,
            WebClient client) {
        this.providers = providers;
        this.accounts = accounts;
        this.sessions = sessions;
        this.cookie = cookie;
        this.client = client;
    }

    public void configure(OAuth2LoginSpec login) {
        login.clientRegistrationRepository(providers)
                .authenticationManager(manager())
                .authorizedClientRepository(new NoAuthorizedClients())
                .authorizationRequestRepository(cookie)
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .authenticationSuccessHandler(this::succeed)
                .authenticationFailureHandler((exchange, error) -> fail(exchange.getExchange(), error));
    }

    private ReactiveAuthenticationManager manager() {
        var tokens = new WebClientReactiveAuthorizationCodeTokenResponseClient();
        tokens.setWebClient(client);
        var claims = new DefaultReactiveOAuth2UserService();
        claims.setWebClient(client);
        var users = new OidcReactiveOAuth2UserService();
        users.setOauth2UserService(claims);
        var manager = new OidcAuthorizationCodeReactiveAuthenticationManager(tokens, users);
        manager.setJwtDecoderFactory(registration ->
                providers.named(registration.getRegistrationId()).orElseThrow().idTokens(registration));
        return manager;
    }

    private Mono<Void> succeed(WebFilterExchange filtered, Authentication authentication) {
        var token = (OAuth2AuthenticationToken) authentication;
        var user = (OidcUser) Objects.requireNonNull(token.getPrincipal());
        var exchange = filtered.getExchange();
        var provider =
                providers.named(token.getAuthorizedClientRegistrationId()).orElseThrow();
        return accounts.of(provider, user.getClaims())
                .switchIfEmpty(Mono.error(() ->
                        new IllegalStateException("the account is closed or disabled, or the subject is invalid")))
                .flatMap(account -> sessions.begin(AuthenticatedAccount.withoutPassword(account), exchange))
                .then(Mono.defer(
                        () -> redirect(exchange, URI.create(exchange.getAttributeOrDefault(LoginCookie.NEXT, "/")))));
    }

    /** Shows a failed sign-in on the page where it began. */
    public WebFilter failures() {
        return (exchange, chain) -> {
            var path = exchange.getRequest().getPath().value();
            var served = chain.filter(exchange);
            return PATHS.stream().anyMatch(path::startsWith)
                    ? served.onErrorResume(error -> fail(exchange, error))
                    : served;
        };
    }

    private static Mono<Void> fail(ServerWebExchange exchange, Throwable error) {
        log.info(
                "Signing in at {} failed: {}",
                exchange.getRequest().getPath().value().replaceAll("\\p{Cntrl}", " "),
                // Timeouts have no message.
                error.toString().replaceAll("\\p{Cntrl}", " "));
        return redirect(exchange, FAILED);
    }

    private static Mono<Void> redirect(ServerWebExchange exchange, URI target) {
        var response = exchange.getResponse();
        response.setStatusCode(HttpStatus.SEE_OTHER);
        response.getHeaders().setLocation(target);
        response.getHeaders().setCacheControl("no-store");
        return response.setComplete();
    }

    /** Stores no tokens of providers. */
    private static final class NoAuthorizedClients implements ServerOAuth2AuthorizedClientRepository {

        @Override
        public <T extends OAuth2AuthorizedClient> Mono<T> loadAuthorizedClient(
                String registration, Authentication principal, ServerWebExchange exchange) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> saveAuthorizedClient(
                OAuth2AuthorizedClient client, Authentication principal, ServerWebExchange exchange) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> removeAuthorizedClient(
                String registration, Authentication principal, ServerWebExchange exchange) {
            return Mono.empty();
        }
    }
}
