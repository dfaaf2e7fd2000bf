package dev.freshet.limit;

import java.util.EnumMap;
import java.util.Map;

/**
 * The budget of one category of requests.
 *
 * @param by the name of its clients: address or account
 */
record RatePolicy(RequestCategory kind, String by, Rate budget) {

    private static final String ADDRESS = "address";
    private static final String ACCOUNT = "account";

    /** Returns the name as clients see it, for example {@code writes-per-address}. */
    String name() {
        return kind + "-per-" + by;
    }

    static Map<RequestCategory, RatePolicy> perAddress(LimitSettings settings) {
        return policies(
                ADDRESS,
                Map.of(
                        RequestCategory.SIGN_IN, settings.signInPerAddress(),
                        RequestCategory.WRITES, settings.writesPerAddress(),
                        RequestCategory.READS, settings.readsPerAddress(),
                        RequestCategory.STREAMS, settings.streamsPerAddress()));
    }

    static Map<RequestCategory, RatePolicy> perAccount(LimitSettings settings) {
        return policies(
                ACCOUNT,
                Map.of(
                        RequestCategory.SIGN_IN, settings.signInPerAccount(),
                        RequestCategory.WRITES, settings.writesPerAccount(),
                        RequestCategory.READS, settings.readsPerAccount(),
                        RequestCategory.STREAMS, settings.streamsPerAccount()));
    }

    private static Map<RequestCategory, RatePolicy> policies(String by, Map<RequestCategory, Rate> budgets) {
        var policies = new EnumMap<RequestCategory, RatePolicy>(RequestCategory.class);
        budgets.forEach((kind, budget) -> {
            if (!budget.isOff()) {
                policies.put(kind, new RatePolicy(kind, by, budget));
            }
        });
        return policies;
    }
}
