package dev.freshet.limit;

import dev.freshet.platform.http.ClientAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Counts by the limits of requests what a method and a path do not show: messages of a WebSocket, and sign-ins in a document.
 * Results fail with the problem to report if a limit is reached.
 */
public final class ClientRates {

    private final RateLimits limits;
    private final Map<RequestCategory, RatePolicy> perAddress;
    private final Map<RequestCategory, RatePolicy> perAccount;

    /** A category without a policy is unlimited. */
    ClientRates(
            RateLimits limits,
            Map<RequestCategory, RatePolicy> perAddress,
            Map<RequestCategory, RatePolicy> perAccount) {
        this.limits = limits;
        this.perAddress = perAddress;
        this.perAccount = perAccount;
    }

    /**
     * Counts a write.
     *
     * @param address null if it is unknown
     * @param account null for an anonymous client
     */
    public Mono<Void> countWrite(@Nullable InetSocketAddress address, @Nullable UUID account) {
        return count(RequestCategory.WRITES, address, account);
    }

    /**
     * Counts a sign-in attempt.
     *
     * @param address null if it is unknown
     * @param account null for an anonymous client
     */
    public Mono<Void> countSignIn(@Nullable InetSocketAddress address, @Nullable UUID account) {
        return count(RequestCategory.SIGN_IN, address, account);
    }

    private Mono<Void> count(RequestCategory category, @Nullable InetSocketAddress address, @Nullable UUID account) {
        if (limits.isExempt(address)) {
            return Mono.empty();
        }
        var counted = take(perAddress.get(category), ClientAddress.of(address));
        return account == null ? counted : counted.then(take(perAccount.get(category), account.toString()));
    }

    private Mono<Void> take(@Nullable RatePolicy policy, String client) {
        return policy == null
                ? Mono.empty()
                : Mono.defer(() -> limits.take(policy, client))
                        .flatMap(decision -> decision.granted() ? Mono.empty() : Mono.error(decision.problem()));
    }
}
