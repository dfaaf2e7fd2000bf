package dev.freshet.content.format;

import dev.freshet.content.article.StrictJson;
import dev.freshet.platform.problem.Problem;
import java.util.Comparator;
import java.util.List;

/**
 * The entries of a feed document: Atom, RSS, RDF, JSON Feed, or an export of a site in one of these.
 *
 * @param repairs the faults of the document as a whole that were repaired
 * @param hints the wishes of the feed to its readers
 */
public record FeedDocument(List<DocumentEntry> entries, List<String> repairs, FeedHints hints) {

    /**
     * Reads a document of any format. Its entries are parsed later, one by one.
     *
     * @return the entries, oldest first, so that readers receive them in the order of their time
     * @throws dev.freshet.platform.problem.ProblemException if the document is not a feed, or exceeds a limit
     */
    public static FeedDocument read(DocumentSource source, StrictJson json) {
        if (source.bytes().length == 0) {
            throw Problem.INVALID_REQUEST.because("The body is empty. Send the feed document as the body.");
        }
        var document = isJson(source.bytes()) ? JsonFeed.read(source, json) : XmlFeed.read(source);
        var sorted = document.entries().reversed().stream()
                .sorted(Comparator.comparing(ImportEntry::time, Comparator.nullsLast(Comparator.naturalOrder())))
                .toList();
        return new FeedDocument(sorted, document.repairs(), document.hints());
    }

    private static boolean isJson(byte[] bytes) {
        for (var b : bytes) {
            var isBlankOrMark = (b <= ' ' && b >= 0) || b == (byte) 0xEF || b == (byte) 0xBB || b == (byte) 0xBF;
            if (!isBlankOrMark) {
                return b == '{' || b == '[';
            }
        }
        return false;
    }
}
