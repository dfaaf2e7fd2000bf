package dev.freshet.testing;

import dev.freshet.search.SearchDocument;
import dev.freshet.search.SearchVector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The words of articles as PostgreSQL stores them, without PostgreSQL. */
public final class StoredWords {

    private static final Pattern LEXEME = Pattern.compile("'((?:[^'\\\\]|''|\\\\\\\\)*)':([0-9A-D,]+)");

    private StoredWords() {}

    /** Returns an article's words in memory. */
    public static SearchDocument document(String title, String summary, String body, String language) {
        return SearchDocument.read(of(SearchVector.of(title, summary, body, language)));
    }

    /** Returns the result of {@code tsvectorsend}. The parameter is in the input form of the type. */
    public static ByteBuffer of(String vector) {
        var lexemes = new TreeMap<byte[], String[]>(Arrays::compareUnsigned);
        var matcher = LEXEME.matcher(vector);
        while (matcher.find()) {
            var lexeme = matcher.group(1).replace("''", "'").replace("\\\\", "\\");
            lexemes.put(
                    lexeme.getBytes(StandardCharsets.UTF_8), matcher.group(2).split(","));
        }
        // Each takes fewer bytes than in the input form.
        var stored = ByteBuffer.allocate(Integer.BYTES + 3 * vector.length()).putInt(lexemes.size());
        lexemes.forEach((lexeme, positions) -> {
            stored.put(lexeme).put((byte) 0).putShort((short) positions.length);
            for (var position : positions) {
                var weight = "DCBA".indexOf(position.charAt(position.length() - 1));
                stored.putShort(
                        (short) (weight << 14 | Integer.parseInt(position.substring(0, position.length() - 1))));
            }
        });
        return stored.flip();
    }
}
