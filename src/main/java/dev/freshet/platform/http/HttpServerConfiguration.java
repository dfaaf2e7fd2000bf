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

/** What differs from Spring Boot's HTTP server: who accepts connections, and HTTP/2 in clear text. */
@Configuration(proxyBeanMethods = false)
class HttpServerConfiguration {

    /**
     * Event loops of this application's own, one of which does nothing but accept connections. A crowd that comes at once
     * would else wait in the kernel's short queue until a loop that is busy with deliveries looks at it, and the kernel
     * drops whom that queue doesn't hold.
     */
    @Bean
    ReactorResourceFactory eventLoops() {
        var resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResourcesSupplier(
                () -> LoopResources.create("reactor-http", 1, LoopResources.DEFAULT_IO_WORKER_COUNT, true));
        // Nobody is served any more once the server has shut down gracefully.
        resources.setShutdownQuietPeriod(Duration.ZERO);
        return resources;
    }

    /**
     * HTTP/2 in clear text by prior knowledge alone. The upgrade from HTTP/1.1, which RFC 9113 has given up, would need
     * each request's body in memory before its first byte is looked at, and refuse larger ones; a server may ignore that
     * it is asked for.
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
        return server -> HeadTimer.on(server, requests.headTime());
    }

    @Bean
    BodyTimer bodyTimer(RequestSettings requests) {
        return new BodyTimer(requests.bodyTime(), requests.bodyRate().toBytes(), requests.importPause());
    }

    @Bean
    PlainBodies plainBodies() {
        return new PlainBodies();
    }

    /** Believes those proxies alone that are named, whatever server.forward-headers-strategy would. */
    @Bean
    NettyServerCustomizer trustedProxies(RequestSettings requests) {
        return requests.trustedProxies().isEmpty()
                ? server -> server
                : server -> server.forwarded(new TrustedProxies(requests.trustedProxies(), requests.proxyHeader()));
    }

    @Bean
    NettyServerCustomizer answersOfTheWebServer(
            SecurityHeaders headers, JsonMapper json, ServerProperties server, NettyServerProperties netty) {
        var answers =
                new ServerAnswers(headers, json, netty.getMaxInitialLineLength(), server.getMaxHttpRequestHeaderSize());
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
