package dev.freshet.content.article;

/**
 * Counts the cells that rendering adds to short table rows. Rows are padded to the length of the table header, so half a
 * million characters could produce billions of cells.
 */
final class EmptyCellCounter {

    private EmptyCellCounter() {}

    /** Returns an upper bound of the number of added cells. */
    static long count(String markdown) {
        var empty = 0L;
        var columns = 0;
        for (int from = 0; from < markdown.length(); ) {
            var end = end(markdown, from);
            var pipes = 0;
            var dashes = 0;
            var blanks = 0;
            var marks = 0;
            for (var at = from; at < end; at++) {
                switch (markdown.charAt(at)) {
                    case '|' -> pipes++;
                    case '-' -> dashes++;
                    case ' ', '\t' -> blanks++;
                    // Part of a delimiter row, or of the block that contains the table.
                    case ':', '>', '*', '+', '.', ')', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> marks++;
                    default -> {
                        // Text.
                    }
                }
            }
            if (blanks == end - from) {
                columns = 0;
            } else {
                empty += Math.max(0, columns - pipes - 1);
                var isDelimiterRow = pipes > 0 && dashes > 0 && pipes + dashes + blanks + marks == end - from;
                columns = isDelimiterRow ? Math.max(columns, pipes + 1) : columns;
            }
            from = end + 1;
        }
        return empty;
    }

    private static int end(String text, int from) {
        var end = from;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end;
    }
}
