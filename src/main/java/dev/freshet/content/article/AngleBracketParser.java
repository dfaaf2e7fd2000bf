package dev.freshet.content.article;

import java.util.Set;
import org.commonmark.node.Text;
import org.commonmark.parser.beta.InlineContentParser;
import org.commonmark.parser.beta.InlineContentParserFactory;
import org.commonmark.parser.beta.InlineParserState;
import org.commonmark.parser.beta.ParsedInline;
import org.commonmark.parser.beta.Scanner;

/**
 * Lets the parser look at an angle bracket only where something closes it soon. By itself it would look for the end of
 * the text at each of them, which takes minutes for a long text of nothing else.
 */
final class AngleBracketParser implements InlineContentParserFactory, InlineContentParser {

    private static final int SOON = 1000;

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
        if (isClosedSoon(scanner)) {
            return ParsedInline.none();
        }
        scanner.setPosition(after);
        return ParsedInline.of(new Text("<"), after);
    }

    private static boolean isClosedSoon(Scanner scanner) {
        var first = scanner.peek();
        var end = end(scanner, first);
        if (end.isEmpty()) {
            return false;
        }
        for (var i = 0; i < SOON && scanner.hasNext(); i++) {
            if (scanner.next(end)) {
                return true;
            }
            scanner.next();
        }
        return false;
    }

    /** What ends that which begins so; empty for what is an angle bracket and nothing more. */
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
