package dev.freshet.identity.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springdoc.core.service.OpenAPIService;
import org.springframework.test.util.ReflectionTestUtils;

class ApiDescriptionTests {

    /** One description, whatever language, host and scheme a client names. */
    @ParameterizedTest
    @ValueSource(strings = {"/openapi", "/openapi.yaml"})
    void descriptionIsCachedOnce(String path) {
        var instance = Freshet.shared(Map.of());
        var first = instance.get(path);
        assertThat(first.code()).isEqualTo(200);
        assertThat(first.body()).contains("/api/v1/articles/{id}/publish").doesNotContain("127.0.0.1");
        for (var language : new String[] {"de", "fr-CA", "x-nonsense", "zz;q=0.5, *"}) {
            var other = instance.get(path, "Accept-Language", language, "Host", language.hashCode() + ".example");
            assertThat(other.body()).isEqualTo(first.body());
        }
        var cached = (Map<?, ?>) Objects.requireNonNull(
                ReflectionTestUtils.getField(instance.bean(OpenAPIService.class), "cachedOpenAPI"));
        assertThat(cached).hasSizeLessThanOrEqualTo(1);
    }
}
