package dev.freshet.read.page;

import dev.freshet.feed.FeedKind;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The key of the next part of the directory: after the feed of this size and key. Opaque to clients. */
record DirectoryKey(long articles, FeedKind kind, String key) {

    /** Parses a key of this program; returns null for any other text. */
    static @Nullable DirectoryKey parse(String text) {
        try {
            var parts = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(text)))
                    .toString()
                    .split(" ", 3);
            var kind = parts.length == 3 ? FeedKind.of(parts[1]) : null;
            return kind == null || parts[2].indexOf('\0') >= 0
                    ? null
                    : new DirectoryKey(Long.parseLong(parts[0]), kind, parts[2]);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        var bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(articles + " " + kind + " " + key));
        var text = new byte[bytes.remaining()];
        bytes.get(text);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }
}
