package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.platform.StartupFailure;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CorsSettingsTests {

    @ParameterizedTest
    @CsvSource({
        "*, true, beside freshet.cors.credentials",
        "'*,https://a.example', false, beside other origins",
        "https://a.example/, false, is no origin",
        "null, false, is no origin",
        "https://*.example, true, is no origin",
        "a.example, false, is no origin"
    })
    void unsafeOriginsAreRefusedAtStart(String origins, String credentials, String message) {
        assertThatThrownBy(() -> bind(origins, credentials))
                .rootCause()
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(message);
    }

    @Test
    void allOriginsMayBeAllowedWithoutCredentials() {
        assertThat(bind("*", "false").isOn()).isTrue();
        assertThat(bind("", "true").isOn()).isFalse();
    }

    private static CorsSettings bind(String origins, String credentials) {
        return new Binder(new MapConfigurationPropertySource(
                        Map.of("freshet.cors.origins", origins, "freshet.cors.credentials", credentials)))
                .bindOrCreate("freshet.cors", CorsSettings.class);
    }
}
