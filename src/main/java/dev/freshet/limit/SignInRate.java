package dev.freshet.limit;

import dev.freshet.platform.http.ClientAddress;
import dev.freshet.platform.problem.Problem;
import java.net.InetSocketAddress;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The rates of sign-in attempts, for attempts that the method and path of their request do not show. */
public final class SignInRate {

    private final RateLimits limits;
    private final @Nullable RatePolicy perAddress;
    private final @Nullable RatePolicy perAccount;

    /** Without a policy, the rate is unlimited. */
    SignInRate(RateLimits limits, @Nullable RatePolicy perAddress, @Nullable RatePolicy perAccount) {
        this.limits = limits;
        this.perAddress = perAddress;
        this.perAccount = perAccount;
    }

    /**
     * Counts an attempt, or fails with {@link Problem#TOO_MANY_REQUESTS}.
     *
     * @param address null if it is unknown
     * @param account null for an anonymous client
     */
    public Mono<Void> count(@Nullable InetSocketAddress address, @Nullable UUID account) {
        return Mono.defer(() -> limits.isExempt(address)
                ? Mono.empty()
                : take(perAddress, ClientAddress.of(address))
                        .then(account == null ? Mono.empty() : take(perAccount, account.toString())));
    }

    private Mono<Void> take(@Nullable RatePolicy policy, String client) {
        return policy == null
                ? Mono.empty()
                : limits.take(policy, client)
                        .flatMap(decision -> decision.granted() ? Mono.empty() : Mono.error(decision.problem()));
    }
}
