package dev.freshet.identity.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.AuthSettings;
import dev.freshet.identity.credential.CachingJwtDecoder;
import dev.freshet.identity.credential.SigningKeys;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.identity.oidc.OidcLogin;
import dev.freshet.identity.oidc.OidcProviders;
import dev.freshet.identity.signin.BrowserSessions;
import dev.freshet.identity.signin.MailSettings;
import dev.freshet.identity.signin.Mailer;
import dev.freshet.identity.signin.SmtpMailer;
import dev.freshet.platform.http.CorsSettings;
import dev.freshet.platform.http.SecurityHeaders;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemHandler;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.security.autoconfigure.actuate.web.reactive.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.CsrfSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.FormLoginSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.HeaderSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.HttpBasicSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.LogoutSpec;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.header.HttpHeaderWriterWebFilter;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The one filter chain: reading is public, writing needs a credential with the right scope. */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
class SecurityConfiguration {

    private static final Logger log = LoggerFactory.getLogger(SecurityConfiguration.class);

    // Paths for operators.
    private static final String STREAMS = "/api/v1/streams";
    private static final String ACCOUNTS = "/api/v1/accounts";
    // Paths open to anonymous callers: refresh, sign-up, password reset.
    private static final String[] OPEN = {
        "/api/v1/session/refresh", "/api/v1/sign-up", "/api/v1/password-resets",
    };
    // Paths open to every signed-in caller.
    private static final String SESSION = "/api/v1/session";
    private static final String TICKETS = "/api/v1/stream-tickets";
    private static final String[] OWN = {"/api/v1/tokens/**", "/api/v1/account/**", "/api/v1/following/**"};

    @Bean
    SecurityWebFilterChain securityWebFilterChain(
            ServerHttpSecurity http,
            BearerTokens bearerTokens,
            BrowserSessions sessions,
            OidcProviders providers,
            OidcLogin login,
            ProblemHandler problems,
            SecurityHeaders headers,
            CorsSettings cors) {
        if (!providers.forBrowsers().isEmpty()) {
            http.oauth2Login(login::configure).addFilterBefore(login.failures(), SecurityWebFiltersOrder.HTTP_BASIC);
        }
        return http.authorizeExchange(paths -> paths.matchers(EndpointRequest.to("health", "info"))
                        .permitAll()
                        .matchers(EndpointRequest.toAnyEndpoint())
                        .hasAuthority(Scope.OPS.authority())
                        .pathMatchers(STREAMS + "/**")
                        .hasAuthority(Scope.OPS.authority())
                        .pathMatchers(ACCOUNTS + "/**")
                        .hasAuthority(Scope.ACCOUNTS_MANAGE.authority())
                        .pathMatchers(OWN)
                        .hasAuthority(Scope.ACCOUNT.authority())
                        .pathMatchers(TICKETS)
                        .hasAuthority(Scope.ARTICLES_READ.authority())
                        .pathMatchers(HttpMethod.POST, SESSION)
                        .permitAll()
                        .pathMatchers(HttpMethod.GET, SESSION)
                        .authenticated()
                        .pathMatchers(HttpMethod.DELETE, SESSION)
                        .authenticated()
                        .pathMatchers(OPEN)
                        .permitAll()
                        .pathMatchers(HttpMethod.GET, "/**")
                        .permitAll()
                        .pathMatchers(HttpMethod.HEAD, "/**")
                        .permitAll()
                        .pathMatchers(HttpMethod.OPTIONS, "/**")
                        .permitAll()
                        .pathMatchers("/api/**")
                        .hasAuthority(Scope.ARTICLES_WRITE.authority())
                        .anyExchange()
                        .permitAll())
                .oauth2ResourceServer(server -> server.bearerTokenConverter(new StreamTicketConverter())
                        .authenticationManagerResolver(exchange -> Mono.just(bearerTokens))
                        .authenticationEntryPoint((exchange, error) -> unauthorized(problems, exchange, error))
                        .accessDeniedHandler((exchange, refused) -> forbidden(problems, exchange)))
                .exceptionHandling(errors -> errors.authenticationEntryPoint(
                                (exchange, error) -> unauthorized(problems, exchange, error))
                        .accessDeniedHandler((exchange, refused) -> forbidden(problems, exchange)))
                // Our own headers, which responses outside of this chain carry too.
                .headers(HeaderSpec::disable)
                .addFilterAt(new HttpHeaderWriterWebFilter(headers), SecurityWebFiltersOrder.HTTP_HEADERS_WRITER)
                .cors(spec -> {
                    if (cors.isOn()) {
                        spec.configurationSource(cors.source());
                    } else {
                        spec.disable();
                    }
                })
                // A caller without a token may present a browser's cookie.
                .securityContextRepository(sessions)
                .requestCache(cache -> cache.requestCache(NoOpServerRequestCache.getInstance()))
                .csrf(CsrfSpec::disable)
                .addFilterAt(new CrossSiteFilter(problems, cors), SecurityWebFiltersOrder.CSRF)
                .formLogin(FormLoginSpec::disable)
                .httpBasic(HttpBasicSpec::disable)
                .logout(LogoutSpec::disable)
                .build();
    }

    @Bean
    ReactiveJwtDecoder jwtDecoder(SigningKeys keys, AuthSettings settings) {
        var decoder = NimbusReactiveJwtDecoder.withJwkSource(
                        jwt -> JWSAlgorithm.ES256.equals(jwt.getHeader().getAlgorithm())
                                ? keys.all().flatMapIterable(all -> List.<JWK>copyOf(all))
                                : Flux.empty())
                .jwsAlgorithm(SignatureAlgorithm.ES256)
                // The validator below checks the type.
                .validateType(false)
                .build();
        decoder.setJwtValidator(JwtValidators.createAtJwtValidator()
                .issuer(settings.issuer())
                .audience(Tokens.AUDIENCE)
                .clientId(Tokens.CLIENT)
                .build());
        return new CachingJwtDecoder(decoder);
    }

    /** The mailer, unless another one is defined. */
    @Bean
    @ConditionalOnMissingBean
    Mailer mailer(ObjectProvider<JavaMailSender> smtp, MailSettings settings) {
        var sender = smtp.getIfAvailable();
        return sender != null
                ? new SmtpMailer(sender, settings.from())
                : (address, subject, text) ->
                        Mono.fromRunnable(() -> log.info("Mail to {}: {}\n{}", address, subject, text));
    }

    /** Handles requests whose address is malformed or suspicious. */
    @Bean
    ServerExchangeRejectedHandler rejectedHandler(ProblemHandler problems, SecurityHeaders headers) {
        var problem = Problem.INVALID_REQUEST.because("The address has invalid characters. Percent-encode them.");
        // Runs before the filter that writes the headers.
        return (exchange, refused) -> headers.writeHttpHeaders(exchange).then(problems.handle(exchange, problem));
    }

    private static Mono<Void> unauthorized(
            ProblemHandler problems, ServerWebExchange exchange, AuthenticationException error) {
        var challenge = "Bearer realm=\"freshet\"";
        var detail = "This request requires a token.";
        if (error instanceof OAuth2AuthenticationException refused) {
            challenge += ", error=\"" + refused.getError().getErrorCode() + "\"";
            detail = "The token is not valid: it is expired, revoked, altered, or from elsewhere.";
        }
        exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, challenge);
        return problems.handle(exchange, Problem.UNAUTHORIZED.because(detail));
    }

    private static Mono<Void> forbidden(ProblemHandler problems, ServerWebExchange exchange) {
        var scope = scope(exchange.getRequest().getPath().value());
        exchange.getResponse()
                .getHeaders()
                .set(
                        HttpHeaders.WWW_AUTHENTICATE,
                        "Bearer realm=\"freshet\", error=\"insufficient_scope\", scope=\"" + scope + "\"");
        return problems.handle(exchange, Problem.FORBIDDEN.because("This request requires the scope " + scope + "."));
    }

    private static Scope scope(String path) {
        if (path.startsWith(TICKETS)) {
            return Scope.ARTICLES_READ;
        }
        if (path.startsWith(ACCOUNTS)) {
            return Scope.ACCOUNTS_MANAGE;
        }
        if (Stream.of("/api/v1/tokens", "/api/v1/account/", "/api/v1/following").anyMatch(path::startsWith)) {
            return Scope.ACCOUNT;
        }
        return path.startsWith("/api/") && !path.startsWith(STREAMS) ? Scope.ARTICLES_WRITE : Scope.OPS;
    }
}
