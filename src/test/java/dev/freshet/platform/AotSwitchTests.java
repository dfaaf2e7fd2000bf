package dev.freshet.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class AotSwitchTests {

    private static final String OWN = "Config resource 'class path resource [application.yaml]' via location 'x'";
    private static final String GIVEN = "Config resource 'file [freshet.yaml]' via location 'y'";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.mail.host",
                "SPRING_MAIL_HOST",
                "SPRING_PROFILES_ACTIVE",
                "server.forward-headers-strategy",
                "management.opentelemetry.tracing.export.otlp.endpoint",
                "MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE",
                "springdoc.api-docs.enabled"
            })
    void settingOfSpringBootDecidesAboutBeans(String name) {
        assertThat(decidesAboutBeans(GIVEN, name)).isTrue();
        assertThat(decidesAboutBeans(OWN, name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"freshet.redis.url", "FRESHET_IMAGES_S3_BUCKET", "SERVER_PORT", "server.address", "PATH"})
    void otherSettingDecidesAboutNoBean(String name) {
        assertThat(decidesAboutBeans(GIVEN, name)).isFalse();
    }

    @Test
    void defaultSettingsDecideAboutNoBean() {
        var empty = new SpringApplicationBuilder(AotSwitchTests.class)
                .contextFactory(type -> new AnnotationConfigApplicationContext());
        try (var context = empty.run("--freshet.embedded.enabled=false", "--server.port=0")) {
            assertThat(AotSwitch.decidesAboutBeans(withoutSystem(context.getEnvironment())))
                    .isFalse();
        }
    }

    private static boolean decidesAboutBeans(String source, String name) {
        var environment = withoutSystem(new StandardEnvironment());
        environment.getPropertySources().addLast(new MapPropertySource(source, Map.of(name, "value")));
        return AotSwitch.decidesAboutBeans(environment);
    }

    /** Removes the system properties, to which the embedded Kafka of other tests adds its address. */
    private static ConfigurableEnvironment withoutSystem(ConfigurableEnvironment environment) {
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        return environment;
    }
}
