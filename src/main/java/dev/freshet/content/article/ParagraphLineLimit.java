package dev.freshet.content.article;

import org.commonmark.node.Block;
import org.commonmark.node.Paragraph;
import org.commonmark.parser.block.BlockParserFactory;
import org.commonmark.parser.block.BlockStart;
import org.commonmark.parser.block.MatchedBlockParser;
import org.commonmark.parser.block.ParserState;
import org.jspecify.annotations.Nullable;

/**
 * Rejects paragraphs with too many lines; it never starts a block. At each line that does not begin with a letter, the
 * parser copies all earlier lines of the paragraph. A long text of short lines would take minutes.
 */
final class ParagraphLineLimit implements BlockParserFactory {

    private static final int MAX_LINES = 5_000;

    private @Nullable Block block;
    private int lines;

    @Override
    public BlockStart tryStart(ParserState state, MatchedBlockParser matched) {
        var current = matched.getMatchedBlockParser().getBlock();
        if (!current.equals(block)) {
            block = current;
            lines = 0;
        }
        if (++lines > MAX_LINES && current instanceof Paragraph) {
            throw Markdown.invalid(
                    "has a paragraph of more than " + MAX_LINES + " lines; separate paragraphs by blank lines");
        }
        return BlockStart.none();
    }
}
