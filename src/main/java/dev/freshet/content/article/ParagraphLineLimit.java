package dev.freshet.content.article;

import org.commonmark.node.Block;
import org.commonmark.parser.block.BlockParserFactory;
import org.commonmark.parser.block.BlockStart;
import org.commonmark.parser.block.MatchedBlockParser;
import org.commonmark.parser.block.ParserState;
import org.jspecify.annotations.Nullable;

/**
 * Starts no block, but ends the reading of a paragraph with too many lines: at each line that doesn't begin with a letter
 * the parser copies all lines of the paragraph before it, which takes minutes for a long text of short lines.
 */
final class ParagraphLineLimit implements BlockParserFactory {

    private static final int MOST = 5_000;

    private @Nullable Block block;
    private int lines;

    @Override
    public BlockStart tryStart(ParserState state, MatchedBlockParser matched) {
        var current = matched.getMatchedBlockParser().getBlock();
        if (!current.equals(block)) {
            block = current;
            lines = 0;
        }
        if (++lines > MOST && !matched.getMatchedBlockParser().isContainer()) {
            throw Markdown.refused("has a paragraph of more than " + MOST + " lines; blank lines make more of it");
        }
        return BlockStart.none();
    }
}
