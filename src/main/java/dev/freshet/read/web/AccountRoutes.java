package dev.freshet.read.web;

import dev.freshet.identity.account.AuthenticatedAccount;
import dev.freshet.identity.account.Caller;
import dev.freshet.identity.oidc.OidcProviders;
import dev.freshet.identity.signin.BrowserSessions;
import dev.freshet.identity.signin.Destination;
import dev.freshet.identity.signin.SignIn;
import dev.freshet.identity.signin.SignUp;
import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.problem.ProblemException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Serves the pages to sign in, sign up and sign out. They work without scripts. */
@Configuration(proxyBeanMethods = false)
class AccountRoutes {

    static final String SIGN_IN = "/sign-in";

    private static final String ACCOUNT = "/account";

    @Bean
    RouterFunction<ServerResponse> accountPages(
            Templates templates,
            Assets assets,
            SignIn signIn,
            SignUp signUp,
            BrowserSessions sessions,
            OidcProviders providers) {
        var pages = new Pages(templates, assets.path(), signIn, signUp, sessions, providers);
        return RouterFunctions.route()
                .GET(SIGN_IN, pages::askForPassword)
                .POST(SIGN_IN, deferred(pages::signIn))
                .GET("/sign-up", pages::askForName)
                .POST("/sign-up", deferred(pages::signUp))
                .POST("/sign-out", pages::signOut)
                .GET(ACCOUNT, pages::account)
                .build();
    }

    /** Deferred, so that an exception of the handler becomes an error signal. */
    private static HandlerFunction<ServerResponse> deferred(HandlerFunction<ServerResponse> handler) {
        return request -> Mono.defer(() -> handler.handle(request));
    }

    private record Pages(
            Templates templates,
            String assets,
            SignIn signIn,
            SignUp signUp,
            BrowserSessions sessions,
            OidcProviders providers) {

        Mono<ServerResponse> askForPassword(ServerRequest request) {
            var problem = request.queryParam("failed").isPresent()
                    ? "The provider did not complete the sign-in. Try again, and report it to the operator if it"
                            + " persists."
                    : null;
            var destination = Destination.of(request.queryParam("next").orElse(null));
            return Caller.of(request)
                    .flatMap(caller -> goTo(ACCOUNT))
                    .switchIfEmpty(Mono.defer(() -> signInPage(HttpStatus.OK, "", destination, problem)));
        }

        Mono<ServerResponse> signIn(ServerRequest request) {
            return request.formData().flatMap(form -> {
                var next = Destination.of(form.getFirst("next"));
                var name = text(form, "name");
                return Mono.defer(() -> signIn.check(
                                name,
                                form.getFirst("password"),
                                ClientAddress.of(request.exchange().getRequest().getRemoteAddress())))
                        .flatMap(account -> sessions.begin(account, request.exchange()))
                        .then(goTo(next))
                        .onErrorResume(ProblemException.class, e -> signInPage(status(e), name, next, detail(e)));
            });
        }

        Mono<ServerResponse> askForName(ServerRequest request) {
            return signUp.isOpen()
                    ? signUpPage(
                            HttpStatus.OK,
                            "",
                            "",
                            Destination.of(request.queryParam("next").orElse(null)),
                            null)
                    : goTo(SIGN_IN);
        }

        Mono<ServerResponse> signUp(ServerRequest request) {
            return request.formData().flatMap(form -> {
                var next = Destination.of(form.getFirst("next"));
                var name = text(form, "name");
                var email = text(form, "email");
                return Mono.defer(() -> signUp.create(name, email.isEmpty() ? null : email, form.getFirst("password")))
                        .flatMap(account ->
                                sessions.begin(AuthenticatedAccount.withoutPassword(account), request.exchange()))
                        .then(goTo(next))
                        .onErrorResume(
                                ProblemException.class, e -> signUpPage(status(e), name, email, next, detail(e)));
            });
        }

        Mono<ServerResponse> signOut(ServerRequest request) {
            return sessions.end(request.exchange()).then(goTo("/"));
        }

        Mono<ServerResponse> account(ServerRequest request) {
            return Caller.of(request)
                    .flatMap(caller -> html(
                            HttpStatus.OK,
                            "account",
                            new AccountPage(
                                    assets,
                                    caller.account().name(),
                                    caller.account().role().toString())))
                    .switchIfEmpty(goTo(signInAndThen(ACCOUNT)));
        }

        private Mono<ServerResponse> signInPage(
                HttpStatusCode status, String name, String next, @Nullable String problem) {
            var choices = providers.forBrowsers().stream()
                    .map(provider -> new SignInPage.Provider(
                            provider.label(), "/oauth2/authorization/" + provider.name() + next(next)))
                    .toList();
            var other = signUp.isOpen() ? "/sign-up" + next(next) : null;
            return html(status, "sign-in", new SignInPage(assets, name, next, problem, choices, other));
        }

        private Mono<ServerResponse> signUpPage(
                HttpStatusCode status, String name, String email, String next, @Nullable String problem) {
            return html(status, "sign-up", new SignUpPage(assets, name, email, next, problem));
        }

        private Mono<ServerResponse> html(HttpStatusCode status, String template, Record view) {
            return RenderedBody.write(
                    ServerResponse.status(status).contentType(PageRoutes.HTML).cacheControl(CacheControl.noStore()),
                    templates.render(template, view));
        }

        private static Mono<ServerResponse> goTo(String address) {
            return ServerResponse.seeOther(URI.create(address))
                    .cacheControl(CacheControl.noStore())
                    .build();
        }

        private static String text(MultiValueMap<String, String> form, String name) {
            var value = form.getFirst(name);
            return value == null ? "" : value.strip();
        }

        private static HttpStatusCode status(ProblemException e) {
            return e.problem().status();
        }

        private static @Nullable String detail(ProblemException e) {
            return e.getBody().getDetail();
        }
    }

    /** Returns the address of the sign-in page that continues to another page. */
    static String signInAndThen(String address) {
        return SIGN_IN + next(address);
    }

    private static String next(String address) {
        return address.equals("/") ? "" : "?next=" + URLEncoder.encode(address, StandardCharsets.UTF_8);
    }
}
