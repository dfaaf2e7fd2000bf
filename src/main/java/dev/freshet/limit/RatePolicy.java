package dev.freshet.limit;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

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

    /** Returns the limits by address. A category without one is unlimited. */
    static Map<RequestCategory, RatePolicy> perAddress(LimitSettings settings) {
        return policies(ADDRESS, category -> switch (category) {
            case SIGN_IN -> settings.signInPerAddress();
            case WRITES -> settings.writesPerAddress();
            case READS -> settings.readsPerAddress();
            case STREAMS -> settings.streamsPerAddress();
        });
    }

    /** Returns the limits by account. A category without one is unlimited. */
    static Map<RequestCategory, RatePolicy> perAccount(LimitSettings settings) {
        return policies(ACCOUNT, category -> switch (category) {
            case SIGN_IN -> settings.signInPerAccount();
            case WRITES -> settings.writesPerAccount();
            case READS -> settings.readsPerAccount();
            case STREAMS -> settings.streamsPerAccount();
        });
    }

    private static Map<RequestCategory, RatePolicy> policies(String by, Function<RequestCategory, Rate> rates) {
        var policies = new EnumMap<RequestCategory, RatePolicy>(RequestCategory.class);
        for (var category : RequestCategory.values()) {
            var rate = rates.apply(category);
            if (!rate.isOff()) {
                policies.put(category, new RatePolicy(category, by, rate));
            }
        }
        return policies;
    }
}
