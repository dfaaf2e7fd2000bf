package dev.freshet.limit;

import java.util.EnumMap;
import java.util.Map;

/**
 * The budget of one category of requests.
 *
 * @param by the name of its clients: address or account
 */
record Policy(Kind kind, String by, Budget budget) {

    private static final String ADDRESS = "address";
    private static final String ACCOUNT = "account";

    /** Returns the name as clients see it, for example {@code writes-per-address}. */
    String name() {
        return kind + "-per-" + by;
    }

    static Map<Kind, Policy> perAddress(LimitSettings settings) {
        return policies(
                ADDRESS,
                Map.of(
                        Kind.SIGN_IN, settings.signInPerAddress(),
                        Kind.WRITES, settings.writesPerAddress(),
                        Kind.READS, settings.readsPerAddress(),
                        Kind.STREAMS, settings.streamsPerAddress()));
    }

    static Map<Kind, Policy> perAccount(LimitSettings settings) {
        return policies(
                ACCOUNT,
                Map.of(
                        Kind.SIGN_IN, settings.signInPerAccount(),
                        Kind.WRITES, settings.writesPerAccount(),
                        Kind.READS, settings.readsPerAccount(),
                        Kind.STREAMS, settings.streamsPerAccount()));
    }

    private static Map<Kind, Policy> policies(String by, Map<Kind, Budget> budgets) {
        var policies = new EnumMap<Kind, Policy>(Kind.class);
        budgets.forEach((kind, budget) -> {
            if (!budget.isOff()) {
                policies.put(kind, new Policy(kind, by, budget));
            }
        });
        return policies;
    }
}
