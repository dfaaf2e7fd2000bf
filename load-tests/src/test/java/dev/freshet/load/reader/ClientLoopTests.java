package dev.freshet.load.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ClientLoopTests {

    private static final int RACES = 50;

    @Test
    void closesWhileConnectionsAreCreated() throws InterruptedException {
        for (var race = 0; race < RACES; race++) {
            var client = new ClientLoop();
            var begun = new CountDownLatch(1);
            var connecting = Thread.ofPlatform().start(() -> {
                while (!client.isClosing()) {
                    client.bootstrap()
                            .handler(new ChannelInboundHandlerAdapter())
                            .connect(new InetSocketAddress("127.0.0.1", 1));
                    begun.countDown();
                }
            });
            begun.await();
            assertThatCode(client::close).doesNotThrowAnyException();
            connecting.join();
            assertThat(client.loop().isTerminated()).isTrue();
        }
    }
}
