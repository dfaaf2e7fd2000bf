package dev.freshet.platform.http;

import dev.freshet.platform.problem.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.Hints;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.util.MimeType;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decodes JSON in UTF-8 (RFC 8259) without duplicate field names. Jackson would accept overlong UTF-8, UTF-16 and UTF-32,
 * and the last of several values of a field, so a filter in front of the server could see something else.
 */
final class StrictJsonDecoder extends JacksonJsonDecoder {

    private static final Map<String, Object> UNLOGGED = Map.of(Hints.SUPPRESS_LOGGING_HINT, true);

    StrictJsonDecoder(JsonMapper json) {
        super(json.rebuild()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build());
    }

    @Override
    public Object decode(
            DataBuffer buffer, ResolvableType type, @Nullable MimeType mimeType, @Nullable Map<String, Object> hints) {
        var isValid = isUnicode8(mimeType) && isValid(buffer);
        if (!isValid) {
            DataBufferUtils.release(buffer);
            throw Problem.INVALID_REQUEST.because("The body is not valid JSON for this request: it is not UTF-8.");
        }
        // Spring would log the body at DEBUG, and so passwords.
        return super.decode(buffer, type, mimeType, Hints.merge(hints == null ? Hints.none() : hints, UNLOGGED));
    }

    private static boolean isUnicode8(@Nullable MimeType type) {
        var charset = type == null ? null : type.getCharset();
        return charset == null || charset.equals(StandardCharsets.UTF_8) || charset.equals(StandardCharsets.US_ASCII);
    }

    /** JSON has no zero bytes in UTF-8, but Jackson takes them for a sign of UTF-16 or UTF-32. */
    private static boolean isValid(DataBuffer buffer) {
        var bytes = ByteBuffer.allocate(buffer.readableByteCount());
        buffer.toByteBuffer(bytes);
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(bytes);
            return text.toString().indexOf('\0') < 0;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
