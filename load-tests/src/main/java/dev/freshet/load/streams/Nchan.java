package dev.freshet.load.streams;

import dev.freshet.load.Cores;
import dev.freshet.load.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** nginx with the module Nchan: pub/sub in C, with a buffer in memory and no log. */
final class Nchan implements Peer {

    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so");

    private final Path folder;
    private final int port;
    private final Server nginx;

    Nchan(Path folder, int port) {
        this.folder = folder;
        this.port = port;
        this.nginx = new Server(
                        "nchan",
                        List.of(NGINX.toString(), "-p", folder.toString(), "-c", "nchan.conf"),
                        Map.of(),
                        folder.resolve("nchan.log"))
                .on(Integer.toString(Cores.SERVER));
    }

    static boolean isInstalled() {
        return Files.exists(NGINX) && Files.exists(MODULE);
    }

    @Override
    public String name() {
        return "nchan";
    }

    @Override
    public String description() {
        return "nginx with Nchan (Debian's packages), one worker, messages in memory";
    }

    void start() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("nchan.conf"), """
                load_module %s;
                daemon off; worker_processes 1; worker_rlimit_nofile 20000;
                pid nchan.pid; error_log nchan-error.log;
                events { worker_connections 19900; }
                http {
                    access_log off; keepalive_requests 100000000; nchan_shared_memory_size 512M;
                    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                    server {
                        listen 127.0.0.1:%d backlog=4096;
                        location ~ ^/subscribe/(\\w+)$ {
                            nchan_subscriber eventsource; nchan_channel_id $1;
                            nchan_subscriber_first_message newest; nchan_eventsource_ping_interval 15;
                        }
                        location ~ ^/publish/(\\w+)$ {
                            nchan_publisher; nchan_channel_id $1;
                            nchan_message_buffer_length 20000; nchan_message_timeout 2m;
                        }
                    }
                }
                """.formatted(MODULE, port), StandardCharsets.US_ASCII);
        nginx.start();
        Subscribers.await(() -> !processes().isEmpty(), Duration.ofSeconds(10), "nginx to start");
    }

    @Override
    public List<Long> processes() {
        // The master process does nothing while the worker serves.
        return ProcessHandle.of(nginx.pid()).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .toList();
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    @Override
    public String path(String topic) {
        return "/subscribe/" + topic;
    }

    @Override
    public HttpRequest publish(String topic, String marker) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/publish/" + topic))
                .POST(BodyPublishers.ofString(Payload.event(topic, marker)))
                .build();
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        stop();
        start();
    }

    void stop() throws IOException, InterruptedException {
        nginx.end("TERM");
    }
}
