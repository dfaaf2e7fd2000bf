package dev.freshet.identity.security;

import dev.freshet.identity.oidc.OidcLogin;
import dev.freshet.identity.oidc.OidcProviders;
import dev.freshet.identity.signin.BrowserSessions;
import dev.freshet.platform.http.ClosingReason;
import dev.freshet.platform.http.ClosingResponse;
import dev.freshet.platform.http.CorsSettings;
import dev.freshet.platform.http.Representation;
import dev.freshet.platform.http.SecurityHeaders;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.platform.problem.ProblemHandler;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
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
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.header.HttpHeaderWriterWebFilter;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The one filter chain: reading is public, writing needs a credential with the right scope. */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
class SecurityConfiguration {

    // A script fetches a new ticket before that.
    private static final Duration TICKET_RETRY = Duration.ofSeconds(30);

    @Bean
    SecurityWebFilterChain securityWebFilterChain(
            ServerHttpSecurity http,
            AccessRules rules,
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
        return http.authorizeExchange(rules::configure)
                .oauth2ResourceServer(server -> server.bearerTokenConverter(new StreamTicketConverter())
                        .authenticationManagerResolver(exchange -> Mono.just(bearerTokens))
                        .authenticationEntryPoint((exchange, error) -> unauthorized(problems, exchange, error))
                        .accessDeniedHandler((exchange, refused) -> forbidden(rules, problems, exchange)))
                .exceptionHandling(errors -> errors.authenticationEntryPoint(
                                (exchange, error) -> unauthorized(problems, exchange, error))
                        .accessDeniedHandler((exchange, refused) -> forbidden(rules, problems, exchange)))
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

    /** Handles requests whose address is malformed or suspicious. */
    @Bean
    ServerExchangeRejectedHandler rejectedHandler(ProblemHandler problems, SecurityHeaders headers) {
        var problem = Problem.INVALID_REQUEST.because("The address has invalid characters. Percent-encode them.");
        // Runs before the filter that writes the headers.
        return (exchange, refused) -> headers.writeHttpHeaders(exchange).then(problems.handle(exchange, problem));
    }

    private static Mono<Void> unauthorized(
            ProblemHandler problems, ServerWebExchange exchange, AuthenticationException error) {
        if (isExpiredTicket(exchange)) {
            return ClosingResponse.write(exchange.getResponse(), ClosingReason.EXPIRED, TICKET_RETRY.toMillis());
        }
        if (error instanceof OAuth2AuthenticationException refused) {
            var problem = Problem.UNAUTHORIZED.because(
                    "The token is not valid: it is expired, revoked, altered, or from elsewhere.");
            var code = refused.getError().getErrorCode();
            problem.getHeaders()
                    .set(HttpHeaders.WWW_AUTHENTICATE, ProblemException.CHALLENGE + ", error=\"" + code + "\"");
            return problems.handle(exchange, problem);
        }
        return problems.handle(exchange, Problem.UNAUTHORIZED.because("This request requires a token."));
    }

    /** Returns whether an EventSource reconnects with a ticket that is expired or used. */
    private static boolean isExpiredTicket(ServerWebExchange exchange) {
        return exchange.getRequest().getQueryParams().containsKey(StreamTicketConverter.TICKET)
                && !exchange.getRequest().getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
                && Representation.isEventStream(exchange);
    }

    private static Mono<Void> forbidden(AccessRules rules, ProblemHandler problems, ServerWebExchange exchange) {
        return rules.requiredScope(exchange).flatMap(scope -> problems.handle(exchange, scope.missing("This request")));
    }
}
