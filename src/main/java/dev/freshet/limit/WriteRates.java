package dev.freshet.limit;

import dev.freshet.platform.http.ClientAddress;
import java.net.InetSocketAddress;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Counts writes that are not requests of their own, such as messages of a WebSocket, by the limits of requests. */
public final class WriteRates {

    private final RateLimits limits;
    private final @Nullable RatePolicy perAddress;
    private final @Nullable RatePolicy perAccount;

    /**
     * Creates the rates.
     *
     * @param perAddress null for no limit
     * @param perAccount null for no limit
     */
    WriteRates(RateLimits limits, @Nullable RatePolicy perAddress, @Nullable RatePolicy perAccount) {
        this.limits = limits;
        this.perAddress = perAddress;
        this.perAccount = perAccount;
    }

    /**
     * Counts a write.
     *
     * @param account null for an anonymous client
     * @return fails with the problem to respond with if a limit is reached
     */
    public Mono<Void> count(@Nullable InetSocketAddress address, @Nullable UUID account) {
        if (limits.isExempt(address)) {
            return Mono.empty();
        }
        var counted = count(perAddress, ClientAddress.of(address));
        return account == null ? counted : counted.then(count(perAccount, account.toString()));
    }

    private Mono<Void> count(@Nullable RatePolicy policy, String client) {
        return policy == null
                ? Mono.empty()
                : Mono.defer(() -> limits.take(policy, client))
                        .flatMap(decision -> decision.granted() ? Mono.empty() : Mono.error(decision.problem()));
    }
}
