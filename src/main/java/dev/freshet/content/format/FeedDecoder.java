package dev.freshet.content.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the bytes of a feed document. The charset is that of the byte order mark, else of the transport, else of the
 * XML declaration, else UTF-8. If the bytes contradict it, UTF-8 and then windows-1252 are tried.
 */
final class FeedDecoder {

    static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
    private static final Charset EBCDIC = Charset.forName("IBM037");

    /** The charsets that the first bytes show, by these in hexadecimal. The longer come first. */
    private static final List<Map.Entry<String, Charset>> SIGNATURES = List.of(
            Map.entry("0000feff", UTF_32BE),
            Map.entry("fffe0000", UTF_32LE),
            Map.entry("0000003c", UTF_32BE),
            Map.entry("3c000000", UTF_32LE),
            Map.entry("003c", UTF_16BE),
            Map.entry("3c00", UTF_16LE),
            Map.entry("4c6fa794", EBCDIC),
            Map.entry("efbbbf", UTF_8),
            Map.entry("feff", UTF_16BE),
            Map.entry("fffe", UTF_16LE));

    private static final Pattern DECLARATION =
            Pattern.compile("^\\s*<\\?xml[^>]*?encoding\\s*=\\s*[\"']([^\"']*)[\"']");
    private static final int MAX_DECLARATION = 400;

    private FeedDecoder() {}

    /**
     * A decoded document without its byte order mark.
     *
     * @param repair the fault of its encoding; null if it has none
     */
    record Decoded(String text, @Nullable String repair) {}

    /** @param transport the charset of the Content-Type; null if absent */
    static Decoded decode(byte[] document, @Nullable Charset transport) {
        var signature = signature(document);
        var name = declared(document, signature == null ? ISO_8859_1 : signature);
        var declared = charset(name, signature);
        var isKnown = name == null || declared != null;
        var charset = signature != null && !signature.equals(EBCDIC)
                ? signature
                : transport != null
                        ? superset(transport)
                        : declared != null ? declared : EBCDIC.equals(signature) ? EBCDIC : UTF_8;
        var text = strictly(document, charset);
        if (text != null) {
            return new Decoded(
                    text,
                    isKnown || transport != null ? null : "the encoding " + name + " is unknown; it was read as UTF-8");
        }
        var utf8 = strictly(document, UTF_8);
        if (utf8 != null) {
            return new Decoded(utf8, "its bytes are not " + charset + "; it was read as UTF-8");
        }
        // Bytes of UTF-8 with some faults, or of the most usual charset.
        var replaced = withoutMark(new String(document, UTF_8));
        var faults = replaced.chars().filter(c -> c == 0xFFFD).count();
        var others = replaced.chars().filter(c -> c > 127).count() - faults;
        return others > faults
                ? new Decoded(replaced, "it has invalid bytes, which were replaced")
                : new Decoded(
                        withoutMark(new String(document, WINDOWS_1252)),
                        "its bytes are not " + charset + "; it was read as windows-1252");
    }

    private static @Nullable Charset signature(byte[] document) {
        var start = HexFormat.of().formatHex(document, 0, Math.min(4, document.length));
        return SIGNATURES.stream()
                .filter(signature -> start.startsWith(signature.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String declared(byte[] document, Charset readable) {
        var start = withoutMark(new String(document, 0, Math.min(MAX_DECLARATION, document.length), readable));
        var declaration = DECLARATION.matcher(start);
        return declaration.find() ? declaration.group(1).strip() : null;
    }

    /** Returns the charset of a name; null if it is unknown or contradicts the bytes, in which the name was read. */
    private static @Nullable Charset charset(@Nullable String name, @Nullable Charset signature) {
        if (name == null) {
            return null;
        }
        var isWide = name.toUpperCase(Locale.ROOT).matches("(UTF|UCS|ISO-10646-UCS)-?(16|32|2|4).*");
        if (isWide && signature == null) {
            return UTF_8;
        }
        for (var spelling : List.of(name, name.replace('_', '-'), name.replace("x-sjis", "Shift_JIS"))) {
            try {
                return superset(Charset.forName(spelling));
            } catch (IllegalArgumentException e) {
                // An unknown spelling.
            }
        }
        return null;
    }

    /** Returns the charset that publishers mean, as browsers do. */
    private static Charset superset(Charset charset) {
        return switch (charset.name()) {
            case "ISO-8859-1", "US-ASCII" -> WINDOWS_1252;
            case "GB2312", "GBK", "x-EUC-CN" -> Charset.forName("GB18030");
            case "Shift_JIS" -> Charset.forName("windows-31j");
            case "EUC-KR" -> Charset.forName("x-windows-949");
            case "ISO-8859-9" -> Charset.forName("windows-1254");
            case "UTF-16" -> UTF_16BE;
            default -> charset;
        };
    }

    private static @Nullable String strictly(byte[] document, Charset charset) {
        try {
            return withoutMark(
                    charset.newDecoder().decode(ByteBuffer.wrap(document)).toString());
        } catch (CharacterCodingException e) {
            // Five bytes of windows-1252 have no character. Browsers read them as control characters.
            return charset.equals(WINDOWS_1252) ? withoutMark(new String(document, charset)) : null;
        }
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
