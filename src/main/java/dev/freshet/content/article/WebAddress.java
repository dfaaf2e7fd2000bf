package dev.freshet.content.article;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Normalises URLs as browsers do, so that equal ones compare as equal: case, default ports and international names.
 * Repairs spaces, bare percent signs, too many or too few slashes, and relative references.
 */
public final class WebAddress {

    private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*):");
    private static final Pattern AUTHORITY = Pattern.compile("^(https?)://([^/?#]*)(.*)$", Pattern.CASE_INSENSITIVE);
    private static final Pattern SLASHES = Pattern.compile("^(https?:)[/\\\\]+", Pattern.CASE_INSENSITIVE);
    private static final Pattern HOST = Pattern.compile("[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?|\\[[0-9a-f:.]+]");
    private static final Pattern QUERY = Pattern.compile("[?#].*$");
    private static final Pattern HOST_ALONE = Pattern.compile("^(?i)www\\.[a-z0-9-]+\\.");
    private static final Pattern PORT = Pattern.compile(":(\\d*)$");
    private static final int MAX_PORT = 65_535;
    private static final int MAX_PORT_DIGITS = 9;
    private static final int MAX_LENGTH = 2000;
    private static final int MAX_INPUT_LENGTH = 10_000;

    private WebAddress() {}

    /** Returns the base for descendants of an element with {@code xml:base}. */
    public static String base(@Nullable String base, String inherited) {
        var resolved = base == null || base.isBlank() ? null : of(base, inherited);
        return resolved == null ? inherited : resolved;
    }

    /**
     * Returns an absolute http or https URL in ASCII of up to 2000 characters; null if the text cannot be repaired.
     *
     * @param base the base of a relative URL; empty if unknown
     */
    public static @Nullable String of(@Nullable String text, String base) {
        if (text == null || text.isBlank() || text.length() > MAX_INPUT_LENGTH) {
            return null;
        }
        var clean = SLASHES.matcher(text.strip().replaceAll("[\\t\\r\\n]", "")).replaceFirst("$1//");
        var absolute = SCHEME.matcher(clean).find()
                ? clean
                : HOST_ALONE.matcher(clean).find() ? "https://" + clean : resolve(clean, base);
        var parts = absolute == null ? null : AUTHORITY.matcher(absolute);
        if (parts == null || !parts.matches()) {
            return null;
        }
        var scheme = parts.group(1).toLowerCase(Locale.ROOT);
        var authority = authority(parts.group(2), scheme);
        if (authority == null) {
            return null;
        }
        var url = scheme + "://" + authority + encode(parts.group(3));
        return url.length() <= MAX_LENGTH && isValid(url) ? url : null;
    }

    /** Returns the host in lower case; null if the URL has none. */
    public static @Nullable String host(@Nullable String url) {
        var parts = url == null ? null : AUTHORITY.matcher(url);
        if (parts == null || !parts.matches()) {
            return null;
        }
        var authority = parts.group(2).substring(parts.group(2).lastIndexOf('@') + 1);
        var host = PORT.matcher(authority).replaceFirst("").toLowerCase(Locale.ROOT);
        return host.isEmpty() ? null : host;
    }

    private static @Nullable String resolve(String relative, String base) {
        var parts = AUTHORITY.matcher(base);
        if (!parts.matches()) {
            return null;
        }
        if (relative.startsWith("//")) {
            return parts.group(1) + ":" + relative;
        }
        var path = QUERY.matcher(parts.group(3)).replaceFirst("");
        // The class URI joins the host and the reference if the path is empty, and drops the name before a query.
        var root = parts.group(1) + "://" + parts.group(2) + (path.isEmpty() ? "/" : path);
        try {
            var reference = encode(relative);
            var resolved = relative.startsWith("?")
                    ? root + reference
                    : URI.create(root).resolve(reference).toString();
            return resolved.replaceFirst("^(https?://[^/]*)(?:/\\.\\.)+(?=/|$)", "$1");
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String authority(String text, String scheme) {
        var userInfo = text.substring(0, text.lastIndexOf('@') + 1);
        var rest = text.substring(userInfo.length());
        var port = PORT.matcher(rest);
        var number = port.find() ? port.group(1) : "";
        var name = PORT.matcher(rest).replaceFirst("");
        var host = ascii(name);
        if (host == null || !HOST.matcher(host).matches()) {
            return null;
        }
        if (number.length() > MAX_PORT_DIGITS || (!number.isEmpty() && Integer.parseInt(number) > MAX_PORT)) {
            return null;
        }
        var isDefault = number.isEmpty() || number.equals(scheme.equals("http") ? "80" : "443");
        return userInfo + host + (isDefault ? "" : ":" + number);
    }

    private static @Nullable String ascii(String name) {
        try {
            return IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Encodes what must not stand in a path, query or fragment. */
    private static String encode(String original) {
        var text = Normalizer.normalize(original, Normalizer.Form.NFC);
        var encoded = new StringBuilder();
        var hashes = 0;
        for (var i = 0; i < text.length(); ) {
            var c = text.codePointAt(i);
            var isEscape = c == '%' && i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2));
            hashes += c == '#' ? 1 : 0;
            var isMisplaced = (c == '#' && hashes > 1) || (c == '%' && !isEscape);
            if (isMisplaced || c <= ' ' || c >= 127 || "\"<>\\^`{|}[]".indexOf(c) >= 0) {
                var bytes = new String(Character.toChars(c)).getBytes(StandardCharsets.UTF_8);
                for (var b : bytes) {
                    encoded.append('%').append("%02X".formatted(b));
                }
            } else {
                encoded.append((char) c);
            }
            i += Character.charCount(c);
        }
        return encoded.toString();
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 128;
    }

    private static boolean isValid(String url) {
        try {
            return new URI(url).getRawAuthority() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
