package dev.freshet.platform.http;

import dev.freshet.platform.StartupFailure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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

    /**
     * Supports HTTP/2 in clear text by prior knowledge only. The upgrade from HTTP/1.1, which RFC 9113 has deprecated,
     * would need each request's body in memory before its first byte is read, and refuse larger ones. A server may
     * ignore the upgrade request.
     */
    @Bean
    NettyServerCustomizer ignoreUpgradeToHttp2() {
        return server -> server.doOnChannelInit((observer, channel, address) -> {
            var upgrade = channel.pipeline().context(HttpServerUpgradeHandler.class);
            if (upgrade != null) {
                channel.pipeline().addBefore(upgrade.name(), null, IgnoreUpgrade.INSTANCE);
            }
        });
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

    @ChannelHandler.Sharable
    private static final class IgnoreUpgrade extends ChannelInboundHandlerAdapter {

        private static final IgnoreUpgrade INSTANCE = new IgnoreUpgrade();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                request.headers().remove(HttpHeaderNames.UPGRADE);
            }
            context.fireChannelRead(message);
        }
    }
}
