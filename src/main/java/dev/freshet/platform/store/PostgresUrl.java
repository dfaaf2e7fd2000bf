package dev.freshet.platform.store;

import dev.freshet.platform.StartupFailure;
import io.r2dbc.postgresql.MultiHostConnectionStrategy.TargetServerType;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.client.SSLMode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL connection URI in the form of libpq, for both drivers of this program.
 *
 * @param user the decoded user name
 * @param password the decoded password, empty if absent
 * @param hosts at least one
 * @param database the decoded name of the database
 * @param options the decoded query: {@code sslmode}, {@code sslrootcert}, {@code sslcert}, {@code sslkey}
 */
record PostgresUrl(String user, String password, List<Host> hosts, String database, Map<String, String> options) {

    private static final Pattern FORM = Pattern.compile("postgres(?:ql)?://"
            + "(?<user>[^:@/?#]+)(?::(?<password>[^@/?#]*))?@(?<hosts>[^@/?#]+)/(?<database>[^/?#]+)"
            + "(?:\\?(?<query>[^#]*))?");
    private static final Pattern HOST =
            Pattern.compile("(?<name>\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+)(?::(?<port>\\d{1,5}))?");
    private static final Set<String> OPTIONS = Set.of("sslmode", "sslrootcert", "sslcert", "sslkey");
    private static final int DEFAULT_PORT = 5432;
    private static final int MAX_PORT = 65_535;

    /**
     * A host of the URL.
     *
     * @param name a name or an address; an IPv6 address is in brackets
     */
    record Host(String name, int port) {

        @Override
        public String toString() {
            return name + ":" + port;
        }
    }

    /**
     * Parses a URL.
     *
     * @throws StartupFailure if the URL is invalid; its message omits the password
     */
    static PostgresUrl parse(String text) {
        Matcher url = FORM.matcher(text.strip());
        if (!url.matches()) {
            throw unusable("its form is wrong");
        }
        try {
            return new PostgresUrl(
                    decode(url.group("user")),
                    url.group("password") == null ? "" : decode(url.group("password")),
                    hosts(url.group("hosts")),
                    decode(url.group("database")),
                    options(url.group("query")));
        } catch (IllegalArgumentException e) {
            throw unusable(e.getMessage());
        }
    }

    private static StartupFailure unusable(@Nullable String reason) {
        return new StartupFailure(
                "The PostgreSQL URL can't be used: " + reason + ".",
                "Set FRESHET_POSTGRES_URL to postgresql://user:password@host:5432/database, with special characters in"
                        + " user and password percent-encoded.");
    }

    private static List<Host> hosts(String text) {
        List<Host> hosts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher host = HOST.matcher(part);
            if (!host.matches()) {
                throw new IllegalArgumentException("\"" + part + "\" is not a host");
            }
            String port = host.group("port");
            int number = port == null ? DEFAULT_PORT : Integer.parseInt(port);
            if (number < 1 || number > MAX_PORT) {
                throw new IllegalArgumentException("there is no port " + number);
            }
            hosts.add(new Host(host.group("name"), number));
        }
        return List.copyOf(hosts);
    }

    private static Map<String, String> options(@Nullable String query) {
        Map<String, String> options = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return options;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (equals < 0 || !OPTIONS.contains(name)) {
                throw new IllegalArgumentException(
                        "\"" + name + "\" is not one of sslmode, sslrootcert, sslcert, sslkey");
            }
            options.put(name, decode(pair.substring(equals + 1)));
        }
        if (options.containsKey("sslmode")) {
            SSLMode.fromValue(options.get("sslmode"));
        }
        return options;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Returns the URL for the JDBC driver, without user and password. */
    String jdbc() {
        Map<String, String> query = new LinkedHashMap<>(options);
        if (hosts.size() > 1) {
            query.put("targetServerType", "primary");
        }
        String parameters = query.entrySet().stream()
                .map(option -> option.getKey() + "=" + URLEncoder.encode(option.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", query.isEmpty() ? "" : "?", ""));
        return "jdbc:postgresql://"
                + hosts.stream().map(Host::toString).collect(Collectors.joining(","))
                + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8) + parameters;
    }

    /** Returns the configuration of the R2DBC driver. */
    PostgresqlConnectionConfiguration.Builder r2dbc() {
        PostgresqlConnectionConfiguration.Builder builder = PostgresqlConnectionConfiguration.builder()
                .username(user)
                .password(password)
                .database(database);
        if (hosts.size() == 1) {
            builder.host(bare(hosts.getFirst())).port(hosts.getFirst().port());
        } else {
            hosts.forEach(host -> builder.addHost(bare(host), host.port()));
            builder.targetServerType(TargetServerType.PRIMARY);
        }
        options.forEach((name, value) -> {
            switch (name) {
                case "sslmode" -> builder.sslMode(SSLMode.fromValue(value));
                case "sslrootcert" -> builder.sslRootCert(value);
                case "sslcert" -> builder.sslCert(value);
                case "sslkey" -> builder.sslKey(value);
                default -> throw new IllegalStateException("an option that isn't among those allowed: " + name);
            }
        });
        return builder;
    }

    private static String bare(Host host) {
        return host.name().replaceAll("[\\[\\]]", "");
    }
}
