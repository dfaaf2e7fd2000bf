package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.platform.StartupFailure;
import dev.freshet.testing.RawHttp;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerFactoryCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import reactor.core.publisher.Mono;

/** Platforms on which Spring Boot trusts everybody's forwarded headers by default. */
class CloudPlatformTests {

    @ParameterizedTest
    @ValueSource(strings = {"KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT", "DYNO", "VCAP_APPLICATION"})
    void platformDoesNotMakeClientsTrusted(String variables) throws Exception {
        var environment = new StandardEnvironment();
        Map<String, Object> values = new HashMap<>();
        for (var variable : variables.split(" ", -1)) {
            values.put(variable, "443");
        }
        var name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, values));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        assertThat(CloudPlatform.getActive(environment)).isNotNull();

        var factory = new NettyReactiveWebServerFactory(0);
        new NettyReactiveWebServerFactoryCustomizer(
                        environment,
                        Binder.get(environment).bindOrCreate("server", ServerProperties.class),
                        new NettyServerProperties())
                .customize(factory);
        var server = factory.getWebServer((request, response) -> {
            var seen = request.getURI() + " " + request.getRemoteAddress();
            var body = response.bufferFactory().wrap(seen.getBytes(StandardCharsets.UTF_8));
            return response.writeWith(Mono.just(body));
        });
        server.start();
        try {
            var request = String.join(
                    "\r\n",
                    "GET / HTTP/1.1",
                    "Host: localhost",
                    "Connection: close",
                    "X-Forwarded-For: 198.51.100.7",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: e.example",
                    "",
                    "");
            assertThat(RawHttp.send(server.getPort(), request.getBytes(StandardCharsets.US_ASCII))
                            .body())
                    .contains("http://localhost/", "127.0.0.1")
                    .doesNotContain("198.51.100.7", "https", "e.example");
        } finally {
            server.stop();
        }
    }

    @Test
    void strategyThatTrustsEverybodyContradictsTrustedProxies() {
        var requests = new Binder(new MapConfigurationPropertySource(Map.of("trusted-proxies", "10.0.0.0/8")))
                .bind("", RequestSettings.class)
                .get();
        var server = new ServerProperties();
        server.setForwardHeadersStrategy(ForwardHeadersStrategy.FRAMEWORK);
        assertThatThrownBy(() -> new HttpServerConfiguration().trustedProxies(requests, server))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("Remove server.forward-headers-strategy");
    }
}
