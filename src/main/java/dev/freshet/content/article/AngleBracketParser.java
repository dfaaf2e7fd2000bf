package dev.freshet.content.article;

import java.util.Set;
import org.commonmark.node.Text;
import org.commonmark.parser.beta.InlineContentParser;
import org.commonmark.parser.beta.InlineContentParserFactory;
import org.commonmark.parser.beta.InlineParserState;
import org.commonmark.parser.beta.ParsedInline;
import org.commonmark.parser.beta.Scanner;

/**
 * Treats an angle bracket as text unless it is closed within {@link #MAX_LENGTH} characters. The default parser searches
 * the whole text at each bracket, which takes minutes for a long text of brackets.
 */
final class AngleBracketParser implements InlineContentParserFactory, InlineContentParser {

    private static final int MAX_LENGTH = 1000;

    @Override
    public Set<Character> getTriggerCharacters() {
        return Set.of('<');
    }

    @Override
    public InlineContentParser create() {
        return this;
    }

    @Override
    public ParsedInline tryParse(InlineParserState state) {
        var scanner = state.scanner();
        scanner.next();
        var after = scanner.position();
        if (isClosed(scanner)) {
            return ParsedInline.none();
        }
        scanner.setPosition(after);
        return ParsedInline.of(new Text("<"), after);
    }

    private static boolean isClosed(Scanner scanner) {
        var first = scanner.peek();
        var end = end(scanner, first);
        if (end.isEmpty()) {
            return false;
        }
        for (var i = 0; i < MAX_LENGTH && scanner.hasNext(); i++) {
            if (scanner.next(end)) {
                return true;
            }
            scanner.next();
        }
        return false;
    }

    /** Returns the closing sequence of a construct; empty for a plain angle bracket. */
    private static String end(Scanner scanner, char first) {
        if (scanner.next("!--")) {
            return "-->";
        }
        if (scanner.next("![CDATA[")) {
            return "]]>";
        }
        if (first == '?') {
            return "?>";
        }
        return Character.isLetter(first) || first == '/' || first == '!' ? ">" : "";
    }
}
