package dev.freshet.platform.http;

import dev.freshet.platform.StartupFailure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyServerProperties;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.json.JsonMapper;

/**
 * Differences from Spring Boot's HTTP server: the event loops, HTTP/2 in clear text, timeouts, proxies, and error
 * responses.
 */
@Configuration(proxyBeanMethods = false)
class HttpServerConfiguration {

    private static final List<IpNetwork> EVERYBODY = List.of(IpNetwork.valueOf("0.0.0.0/0"), IpNetwork.valueOf("::/0"));

    /**
     * Creates event loops for this application, one of which only accepts connections. Otherwise a burst of connections
     * would wait in the kernel's short queue until a busy loop accepts them, and the kernel drops connections beyond
     * the queue.
     */
    @Bean
    ReactorResourceFactory eventLoops() {
        var resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResourcesSupplier(
                () -> LoopResources.create("reactor-http", 1, LoopResources.DEFAULT_IO_WORKER_COUNT, true));
        // No request is served after the graceful shutdown.
        resources.setShutdownQuietPeriod(Duration.ZERO);
        return resources;
    }

    /** Runs after all other customizers, since HTTP/2 has the same settings as HTTP/1.1. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> http2InClearText() {
        return factory -> {
            var http2 = factory.getHttp2();
            if (http2 != null && http2.isEnabled() && !Ssl.isEnabled(factory.getSsl())) {
                factory.addServerCustomizers(Http2PriorKnowledge::on);
            }
        };
    }

    @Bean
    NettyServerCustomizer connectionLimits(
            ConnectionSettings connections, RequestSettings requests, MeterRegistry meters) {
        return new ConnectionLimits(connections, requests.trustedProxies(), OpenFiles.max(), meters)::on;
    }

    @Bean(initMethod = "install", destroyMethod = "remove")
    ProtocolErrorLog protocolErrorLog() {
        var errors = Counter.builder("freshet.protocol.errors")
                .description("Connections and streams of HTTP/2 whose clients broke the protocol")
                .register(Metrics.globalRegistry);
        return new ProtocolErrorLog(errors, System::nanoTime);
    }

    @Bean
    NettyServerCustomizer receiveBuffers() {
        return SharedReceiveBuffers::on;
    }

    @Bean
    NettyServerCustomizer headTimer(RequestSettings requests, NettyServerProperties netty) {
        return server -> RequestHeaderTimeout.on(server, requests.headTime(), netty.getIdleTimeout());
    }

    @Bean
    RequestBodyTimeout bodyTimer(RequestSettings requests) {
        return new RequestBodyTimeout(requests.bodyTime(), requests.bodyRate().toBytes(), requests.importPause());
    }

    /** Reads JSON bodies by the same rules as imports: UTF-8, and no field twice. */
    @Bean
    CodecCustomizer strictJsonBodies(JsonMapper json) {
        return codecs -> codecs.defaultCodecs().jacksonJsonDecoder(new StrictJsonDecoder(json));
    }

    @Bean
    ContentEncodingFilter contentEncodingFilter() {
        return new ContentEncodingFilter();
    }

    /** Trusts only the named proxies, unless {@code server.forward-headers-strategy} is changed to trust everybody. */
    @Bean
    NettyServerCustomizer trustedProxies(RequestSettings requests, ServerProperties server) {
        var isNative = server.getForwardHeadersStrategy() == ForwardHeadersStrategy.NATIVE;
        var named = requests.trustedProxies();
        if (!named.isEmpty() && server.getForwardHeadersStrategy() == ForwardHeadersStrategy.FRAMEWORK) {
            throw new StartupFailure(
                    "server.forward-headers-strategy is framework, which trusts everybody's forwarded headers, but "
                            + "freshet.limits.trusted-proxies is set.",
                    "Remove server.forward-headers-strategy.");
        }
        var trusted = named.isEmpty() && isNative ? EVERYBODY : named;
        return http -> http.forwarded(new ForwardedHeaderHandler(trusted, requests.proxyHeader()));
    }

    @Bean
    NettyServerCustomizer serverErrorResponses(
            SecurityHeaders headers, JsonMapper json, ServerProperties server, NettyServerProperties netty) {
        var responses = new ServerErrorResponses(
                headers, json, netty.getMaxInitialLineLength(), server.getMaxHttpRequestHeaderSize());
        return web -> web.doOnChannelInit(
                (observer, channel, address) -> channel.pipeline().addLast(responses));
    }
}
