package dev.freshet.platform.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses forwarded headers from the right: a proxy appends to text that its client may have written. So the text on the
 * left, whatever its quotes, can't change how an entry on the right is read.
 */
final class ForwardedHops {

    private static final int MAX_HOPS = 50;
    private static final String FORWARDED = "Forwarded";
    private static final String X_FORWARDED_FOR = "X-Forwarded-For";
    private static final Pattern NODE =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]{2,45})]|([0-9.]{7,15}))(?::(?:\\d{1,5}|_[A-Za-z0-9._-]+))?");
    private static final Pattern HIDDEN = Pattern.compile("unknown|_[A-Za-z0-9._-]+", Pattern.CASE_INSENSITIVE);
    /** A parameter and its end. The value may lack the quotes that RFC 7239 wants around colons and brackets. */
    private static final Pattern PARAMETER = Pattern.compile(
            "\\s*+(?:([!#$%&'*+.^_`|~0-9A-Za-z-]++)=([!#$%&'*+.^_`|~0-9A-Za-z:\\[\\]-]++|\"(?:[^\"\\\\]|\\\\.)*+\"))?+\\s*+(?:;|$)");

    /**
     * The entry of one proxy about the request that it received; null for an absent part.
     *
     * @param client null also if the proxy hides it
     */
    record Hop(
            @Nullable InetAddress client,
            @Nullable String scheme,
            @Nullable String host,
            boolean isMalformed) {

        /** An entry that no proxy writes. Ends a list. */
        private static final Hop MALFORMED = new Hop(null, null, null, true);
    }

    private ForwardedHops() {}

    /** Returns the entries of {@code Forwarded} (RFC 7239), the last one first, up to 50 of them. */
    static List<Hop> forwarded(HttpHeaders headers) {
        return hops(headers.getAll(FORWARDED), true, ForwardedHops::element);
    }

    /**
     * Returns the entries of {@code X-Forwarded-For}, the last one first, up to 50 of them. Scheme, host and port are those
     * that the connected proxy wrote.
     */
    static List<Hop> xForwarded(HttpHeaders headers) {
        var scheme = last(headers, "X-Forwarded-Proto");
        var host = host(last(headers, "X-Forwarded-Host"), last(headers, "X-Forwarded-Port"));
        var hops = hops(headers.getAll(X_FORWARDED_FOR), false, address -> hop(address, scheme, host));
        return hops.isEmpty() ? List.of(new Hop(null, scheme, host, false)) : hops;
    }

    private static @Nullable String host(@Nullable String host, @Nullable String port) {
        return host == null || port == null || host.lastIndexOf(':') > host.lastIndexOf(']') ? host : host + ":" + port;
    }

    private static @Nullable String last(HttpHeaders headers, String name) {
        var values = headers.getAll(name);
        return values.isEmpty()
                ? null
                : values.getLast()
                        .substring(values.getLast().lastIndexOf(',') + 1)
                        .strip();
    }

    private static List<Hop> hops(List<String> lines, boolean hasQuotes, Function<String, Hop> parser) {
        var hops = new ArrayList<Hop>();
        for (var line : lines.reversed()) {
            for (var end = line.length(); end >= 0; ) {
                var start = lastComma(line, end, hasQuotes);
                var element = line.substring(start + 1, end).strip();
                if (!element.isEmpty()) {
                    hops.add(parser.apply(element));
                    if (hops.getLast().isMalformed() || hops.size() == MAX_HOPS) {
                        return hops;
                    }
                }
                end = start;
            }
        }
        return hops;
    }

    /** Returns the index of the last comma before an end, outside of quoted strings; -1 for none. */
    private static int lastComma(String line, int end, boolean hasQuotes) {
        var quoted = false;
        for (var i = end - 1; i >= 0; i--) {
            if (hasQuotes && line.charAt(i) == '"') {
                quoted = !quoted || isEscaped(line, i);
            } else if (!quoted && line.charAt(i) == ',') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isEscaped(String line, int index) {
        var start = index;
        while (start > 0 && line.charAt(start - 1) == '\\') {
            start--;
        }
        return (index - start) % 2 == 1;
    }

    private static Hop element(String element) {
        Map<String, String> parameters = new HashMap<>();
        var matcher = PARAMETER.matcher(element);
        for (var at = 0; at < element.length(); at = matcher.end()) {
            if (!matcher.region(at, element.length()).lookingAt() || !add(matcher, parameters)) {
                return Hop.MALFORMED;
            }
        }
        return hop(parameters.getOrDefault("for", "unknown"), parameters.get("proto"), parameters.get("host"));
    }

    /** Returns false for a parameter that the element already has. */
    private static boolean add(Matcher parameter, Map<String, String> parameters) {
        if (parameter.group(1) == null) {
            return true;
        }
        var value = parameter.group(2);
        var plain =
                value.startsWith("\"") ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
        return parameters.put(parameter.group(1).toLowerCase(Locale.ROOT), plain) == null;
    }

    private static Hop hop(String node, @Nullable String scheme, @Nullable String host) {
        if (HIDDEN.matcher(node).matches()) {
            return new Hop(null, scheme, host, false);
        }
        var parts = NODE.matcher(node);
        var text = !parts.matches() ? node : parts.group(1) == null ? parts.group(2) : parts.group(1);
        // Names are not resolved. An IPv6 address without brackets has no port.
        var address = NetUtil.createInetAddressFromIpAddressString(text);
        return address == null ? Hop.MALFORMED : new Hop(address, scheme, host, false);
    }
}
