package dev.freshet.platform;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import java.time.Duration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

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
