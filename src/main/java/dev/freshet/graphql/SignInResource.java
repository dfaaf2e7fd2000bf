package dev.freshet.graphql;

import dev.freshet.identity.signin.PasswordRequests;
import dev.freshet.identity.signin.SignInRequests;
import dev.freshet.identity.signin.SignUp;
import dev.freshet.limit.ClientRates;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Sign-in, sign-up and passwords. The rates of sign-in count these fields, in addition to those of writes, which count every
 * request.
 */
@Component
final class SignInResource implements GraphQlResource {

    private final SignInRequests requests;
    private final PasswordRequests passwords;
    private final SignUp signUp;
    private final ClientRates rates;
    private final JsonConversion json;

    SignInResource(
            SignInRequests requests,
            PasswordRequests passwords,
            SignUp signUp,
            ClientRates rates,
            JsonConversion json) {
        this.requests = requests;
        this.passwords = passwords;
        this.signUp = signUp;
        this.rates = rates;
        this.json = json;
    }

    @Override
    public Map<String, DataFetcher<?>> queries() {
        return Map.of();
    }

    @Override
    public Map<String, DataFetcher<?>> mutations() {
        return Map.of(
                "signIn", limited(this::signIn),
                "refreshSession",
                        limited(environment -> requests.refresh(Arguments.text(environment, "refreshToken"))
                                .map(json::fields)),
                "signOut",
                        environment -> requests.signOut(Call.of(environment).requireCaller())
                                .thenReturn(true),
                "signUp", limited(this::signUp),
                "changePassword", limited(this::changePassword),
                "requestPasswordReset",
                        limited(environment -> passwords
                                .requestReset(
                                        Arguments.text(environment, "name"),
                                        Call.of(environment).origin().client())
                                .thenReturn(true)),
                "resetPassword",
                        limited(environment -> passwords
                                .reset(Arguments.text(environment, "token"), Arguments.text(environment, "password"))
                                .thenReturn(true)));
    }

    @FunctionalInterface
    private interface Attempt {
        Mono<?> apply(DataFetchingEnvironment environment);
    }

    private DataFetcher<?> limited(Attempt attempt) {
        return environment -> {
            var call = Call.of(environment);
            var caller = call.caller();
            return rates.countSignIn(call.origin().address(), caller == null ? null : caller.id())
                    .then(Mono.defer(() -> attempt.apply(environment)));
        };
    }

    private Mono<Map<String, @Nullable Object>> signIn(DataFetchingEnvironment environment) {
        var origin = Call.of(environment).origin();
        return requests.signIn(
                        Arguments.text(environment, "name"),
                        Arguments.text(environment, "password"),
                        origin.client(),
                        origin.agent())
                .map(json::fields);
    }

    private Mono<Map<String, @Nullable Object>> signUp(DataFetchingEnvironment environment) {
        return Mono.defer(() -> signUp.create(
                        Arguments.text(environment, "name"),
                        environment.getArgument("email"),
                        Arguments.text(environment, "password")))
                .map(json::fields);
    }

    private Mono<Boolean> changePassword(DataFetchingEnvironment environment) {
        var call = Call.of(environment);
        return passwords
                .change(
                        call.requireCaller(),
                        environment.getArgument("current"),
                        Arguments.text(environment, "password"),
                        call.origin().client())
                .thenReturn(true);
    }
}
