package dev.freshet.content.article;

import java.util.Set;
import org.commonmark.node.Text;
import org.commonmark.parser.beta.InlineContentParser;
import org.commonmark.parser.beta.InlineContentParserFactory;
import org.commonmark.parser.beta.InlineParserState;
import org.commonmark.parser.beta.ParsedInline;
import org.commonmark.parser.beta.Position;
import org.commonmark.parser.beta.Scanner;
import org.jspecify.annotations.Nullable;

/**
 * Treats an angle bracket of a paragraph as text unless it is closed within {@link #MAX_LENGTH} characters. The default
 * parser searches the whole text at each bracket, which takes minutes for a long text of brackets.
 */
final class AngleBracketParser implements InlineContentParser {

    private static final int MAX_LENGTH = 1000;

    // The paragraph from its first bracket on, and the latest bracket in it.
    private String text = "";
    private int offset;
    private @Nullable Position bracket;

    /** Creates a parser for each paragraph. */
    static final class Factory implements InlineContentParserFactory {

        @Override
        public Set<Character> getTriggerCharacters() {
            return Set.of('<');
        }

        @Override
        public InlineContentParser create() {
            return new AngleBracketParser();
        }
    }

    @Override
    public ParsedInline tryParse(InlineParserState state) {
        var scanner = state.scanner();
        moveTo(scanner);
        if (isClosed()) {
            return ParsedInline.none();
        }
        scanner.next();
        return ParsedInline.of(new Text("<"), scanner.position());
    }

    /** Copies the paragraph once, since a search by the scanner takes several times as long. */
    private void moveTo(Scanner scanner) {
        var next = scanner.position();
        if (bracket == null) {
            while (scanner.hasNext()) {
                scanner.next();
            }
            text = scanner.getSource(next, scanner.position()).getContent();
            scanner.setPosition(next);
        } else {
            offset += scanner.getSource(bracket, next).getContent().length();
        }
        bracket = next;
    }

    private boolean isClosed() {
        if (text.startsWith("<!--", offset)) {
            return isFollowedBy("-->", "<!--".length());
        }
        if (text.startsWith("<![CDATA[", offset)) {
            return isFollowedBy("]]>", "<![CDATA[".length());
        }
        if (text.startsWith("<?", offset)) {
            return isFollowedBy("?>", 1);
        }
        var first = offset + 1 < text.length() ? text.charAt(offset + 1) : ' ';
        return (Character.isLetter(first) || first == '/' || first == '!') && isFollowedBy(">", 1);
    }

    private boolean isFollowedBy(String end, int distance) {
        var from = offset + distance;
        return text.indexOf(end, from, Math.min(text.length(), from + MAX_LENGTH)) >= 0;
    }
}
