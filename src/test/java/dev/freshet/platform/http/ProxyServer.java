package dev.freshet.platform.http;

import dev.freshet.testing.NeedsPrograms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real proxy in front of one instance, with its shipped configuration and few changes. Listens on loopback only. */
final class ProxyServer implements AutoCloseable {

    private static final int MAX_ATTEMPTS = 600;

    /** The kinds of proxies for which a configuration is shipped. */
    enum Kind {
        NGINX("nginx", "nginx.conf", "listen 8080;", "listen 127.0.0.1:%d;") {
            @Override
            List<String> options(Path folder, Path configuration, int port) {
                var settings =
                        "user root; daemon off; pid %1$s/nginx.pid; error_log %1$s/errors.log;".formatted(folder);
                return List.of("-c", configuration.toString(), "-p", folder.toString(), "-g", settings);
            }

            @Override
            Map<String, String> changes(Path folder) {
                var paths = new StringBuilder("http {\naccess_log off;\n");
                for (var name : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
                    paths.append("%s_temp_path %s/%1$s;%n".formatted(name, folder));
                }
                return Map.of("http {\n", paths.toString());
            }
        },
        HAPROXY("haproxy", "haproxy.cfg", "bind :8080", "bind 127.0.0.1:%d") {
            @Override
            List<String> options(Path folder, Path configuration, int port) {
                return List.of("-db", "-f", configuration.toString());
            }
        },
        VARNISH("varnishd", "varnish.vcl", "vcl 4.1;", "vcl 4.1;") {
            @Override
            List<String> options(Path folder, Path configuration, int port) {
                var options = new ArrayList<>(List.of(
                        "-j", "none", "-F", "-n", folder.resolve("state").toString()));
                options.addAll(List.of("-f", configuration.toString(), "-a", "127.0.0.1:" + port));
                options.addAll(List.of("-s", "malloc,16m"));
                return options;
            }
        };

        private final String program;
        private final String file;
        private final String address;
        private final String ownAddress;

        Kind(String program, String file, String address, String ownAddress) {
            this.program = program;
            this.file = file;
            this.address = address;
            this.ownAddress = ownAddress;
        }

        abstract List<String> options(Path folder, Path configuration, int port);

        /** Further replacements in the shipped file. */
        Map<String, String> changes(Path folder) {
            return Map.of();
        }
    }

    private final Process process;
    private final int port;

    private ProxyServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts a proxy and returns when it accepts connections.
     *
     * @param instance port of the instance, which both backends of the shipped file become
     * @param changes replacements of parts of the shipped file, all of which must be there
     */
    static ProxyServer start(Kind kind, int instance, Map<String, String> changes)
            throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("freshet-proxy-");
        var port = freePort();
        var text = Files.readString(Path.of("config", kind.file));
        text = replace(text, changes);
        text = replace(text, kind.changes(folder));
        text = replace(text, Map.of(kind.address, kind.ownAddress.formatted(port)));
        text = replace(text, Map.of("8081", "" + instance, "8082", "" + instance));
        var configuration = Files.writeString(folder.resolve(kind.file), text);
        var command = new ArrayList<>(
                List.of(NeedsPrograms.Condition.path(kind.program).orElseThrow().toString()));
        command.addAll(kind.options(folder, configuration, port));
        var log = folder.resolve("log").toFile();
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        var proxy = new ProxyServer(process, port);
        for (var i = 0; !proxy.accepts(); i++) {
            if (i == MAX_ATTEMPTS || process.waitFor(100, TimeUnit.MILLISECONDS)) {
                proxy.close();
                throw new IOException(kind + " does not start: " + Files.readString(log.toPath()));
            }
        }
        return proxy;
    }

    int port() {
        return port;
    }

    private static String replace(String text, Map<String, String> changes) throws IOException {
        var changed = text;
        for (var change : changes.entrySet()) {
            if (!changed.contains(change.getKey())) {
                throw new IOException("The configuration has no " + change.getKey());
            }
            changed = changed.replace(change.getKey(), change.getValue());
        }
        return changed;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean accepts() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }
}
