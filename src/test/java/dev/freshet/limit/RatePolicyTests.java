package dev.freshet.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RatePolicyTests {

    @Test
    void everyCategoryIsLimitedByDefault() {
        var settings =
                new Binder(new MapConfigurationPropertySource()).bindOrCreate("freshet.limits", LimitSettings.class);
        assertThat(RatePolicy.perAddress(settings)).containsOnlyKeys(RequestCategory.values());
        assertThat(RatePolicy.perAccount(settings)).containsOnlyKeys(RequestCategory.values());
    }
}
