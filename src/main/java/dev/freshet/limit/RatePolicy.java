package dev.freshet.limit;

import java.util.EnumMap;
import java.util.Map;

/**
 * The rate limit of one category of requests.
 *
 * @param by the identity of a client: address or account
 */
record RatePolicy(RequestCategory category, String by, Rate rate) {

    private static final String ADDRESS = "address";
    private static final String ACCOUNT = "account";

    /** Returns the name as clients see it, for example {@code writes-per-address}. */
    String name() {
        return category + "-per-" + by;
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

    private static Map<RequestCategory, RatePolicy> policies(String by, Map<RequestCategory, Rate> rates) {
        var policies = new EnumMap<RequestCategory, RatePolicy>(RequestCategory.class);
        rates.forEach((category, rate) -> {
            if (!rate.isOff()) {
                policies.put(category, new RatePolicy(category, by, rate));
            }
        });
        return policies;
    }
}
