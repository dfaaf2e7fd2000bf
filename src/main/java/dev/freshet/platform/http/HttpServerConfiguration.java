package dev.freshet.platform.http;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import java.time.Duration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
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
    NettyServerCustomizer headTimer(RequestSettings requests) {
        return server -> RequestHeaderTimeout.on(server, requests.headTime());
    }

    @Bean
    RequestBodyTimeout bodyTimer(RequestSettings requests) {
        return new RequestBodyTimeout(requests.bodyTime(), requests.bodyRate().toBytes(), requests.importPause());
    }

    @Bean
    ContentEncodingFilter plainBodies() {
        return new ContentEncodingFilter();
    }

    /** Trusts only the named proxies, regardless of server.forward-headers-strategy. */
    @Bean
    NettyServerCustomizer trustedProxies(RequestSettings requests) {
        return requests.trustedProxies().isEmpty()
                ? server -> server
                : server ->
                        server.forwarded(new ForwardedHeaderHandler(requests.trustedProxies(), requests.proxyHeader()));
    }

    @Bean
    NettyServerCustomizer answersOfTheWebServer(
            SecurityHeaders headers, JsonMapper json, ServerProperties server, NettyServerProperties netty) {
        var answers = new ServerErrorResponses(
                headers, json, netty.getMaxInitialLineLength(), server.getMaxHttpRequestHeaderSize());
        return web -> web.doOnChannelInit(
                (observer, channel, address) -> channel.pipeline().addLast(answers));
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
