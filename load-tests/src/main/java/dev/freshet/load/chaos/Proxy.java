package dev.freshet.load.chaos;

import dev.freshet.load.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real proxy with its shipped configuration, in which only addresses and times are changed. */
enum Proxy {
    NGINX("nginx", "nginx.conf") {
        @Override
        Map<String, String> changes(Path folder, int port, int first, int second, int silence) {
            var temporary = Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                    .map(name -> name + "_temp_path " + folder.resolve(name) + ";")
                    .toList();
            return Map.of(
                    "127.0.0.1:8081", "127.0.0.1:" + first,
                    "127.0.0.1:8082", "127.0.0.1:" + second,
                    "listen 8080;", "listen 127.0.0.1:" + port + ";",
                    "proxy_read_timeout 60s;", "proxy_read_timeout " + silence + "s;",
                    "send_timeout 60s;", "send_timeout " + silence + "s;",
                    "http {\n", "http {\naccess_log off;\n" + String.join("\n", temporary) + "\n");
        }

        @Override
        List<String> options(Path folder, Path configuration, int port, int silence) {
            var settings = "daemon off; pid %s; error_log %s;"
                    .formatted(folder.resolve("nginx.pid"), folder.resolve("nginx-errors.log"));
            return List.of("-c", configuration.toString(), "-p", folder.toString(), "-g", settings);
        }
    },
    HAPROXY("haproxy", "haproxy.cfg") {
        @Override
        Map<String, String> changes(Path folder, int port, int first, int second, int silence) {
            return Map.of(
                    "127.0.0.1:8081", "127.0.0.1:" + first,
                    "127.0.0.1:8082", "127.0.0.1:" + second,
                    "bind :8080", "bind 127.0.0.1:" + port,
                    "timeout client 60s", "timeout client " + silence + "s",
                    "timeout server 60s", "timeout server " + silence + "s");
        }

        @Override
        List<String> options(Path folder, Path configuration, int port, int silence) {
            return List.of("-db", "-f", configuration.toString());
        }
    },
    VARNISH("varnishd", "varnish.vcl") {
        @Override
        Map<String, String> changes(Path folder, int port, int first, int second, int silence) {
            return Map.of(
                    ".port = \"8081\"", ".port = \"" + first + "\"",
                    ".port = \"8082\"", ".port = \"" + second + "\"");
        }

        @Override
        List<String> options(Path folder, Path configuration, int port, int silence) {
            var options = new ArrayList<>(
                    List.of("-F", "-n", folder.resolve("varnish").toString()));
            options.addAll(List.of("-f", configuration.toString(), "-a", "127.0.0.1:" + port));
            options.addAll(List.of("-p", "pipe_timeout=" + silence, "-s", "malloc,16m"));
            return options;
        }
    };

    private final String program;
    private final String configuration;

    Proxy(String program, String configuration) {
        this.program = program;
        this.configuration = configuration;
    }

    /** The replacements in the shipped file. */
    abstract Map<String, String> changes(Path folder, int port, int first, int second, int silence);

    abstract List<String> options(Path folder, Path configuration, int port, int silence);

    /** Returns the path of the program; null where it is not installed. */
    @Nullable
    Path installed() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    String howToGet() {
        return "apt-get install " + name().toLowerCase(Locale.ROOT);
    }

    /**
     * Creates the server of the proxy without starting it.
     *
     * @param configurations the folder of the shipped files
     * @param silence the longest silence that the proxy allows, in seconds
     */
    Server server(Path program, Path configurations, Path folder, int port, int first, int second, int silence)
            throws IOException {
        var text = Files.readString(configurations.resolve(configuration));
        for (var change : changes(folder, port, first, second, silence).entrySet()) {
            if (!text.contains(change.getKey())) {
                throw new IOException(
                        configuration + " has no " + change.getKey().strip() + " any more");
            }
            text = text.replace(change.getKey(), change.getValue());
        }
        var changed = folder.resolve(configuration);
        Files.writeString(changed, text);
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(options(folder, changed, port, silence));
        return new Server(this.program, command, Map.of(), folder.resolve(this.program + ".log"));
    }
}
