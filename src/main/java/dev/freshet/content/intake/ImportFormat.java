package dev.freshet.content.intake;

import dev.freshet.content.article.StrictJson;
import dev.freshet.platform.problem.Problem;
import java.util.Comparator;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** The formats of imports. The content of a document shows whether it is XML or JSON, since servers send many types. */
enum ImportFormat {
    NDJSON,
    DOCUMENT;

    private static final Set<String> NDJSON_TYPES =
            Set.of("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines");
    /** Servers send feeds with many types, some of them made up. */
    private static final Pattern DOCUMENT_TYPE =
            Pattern.compile("text/(?!csv).*|[^/]+/.*(xml|json|rss|atom|rdf|octet-stream|unknown).*");

    static ImportFormat of(@Nullable MediaType type) {
        var name = type == null ? "application/octet-stream" : type.getType() + "/" + type.getSubtype();
        if (NDJSON_TYPES.contains(name)) {
            return NDJSON;
        }
        if (DOCUMENT_TYPE.matcher(name).matches()) {
            return DOCUMENT;
        }
        throw Problem.UNSUPPORTED_MEDIA_TYPE.because("Supported types: application/x-ndjson, application/atom+xml,"
                + " application/rss+xml, application/feed+json. The Content-Type is " + type + ".");
    }

    /** Returns the entries of a document, oldest first, so that readers receive them in the order of their time. */
    static FeedDocument read(DocumentSource source, StrictJson json) {
        if (source.bytes().length == 0) {
            throw Problem.INVALID_REQUEST.because("The body is empty. Send the feed document as the body.");
        }
        var document = isJson(source.bytes()) ? JsonFeed.read(source, json) : XmlFeed.read(source);
        var sorted = document.entries().reversed().stream()
                .sorted(Comparator.comparing(ImportEntry::time, Comparator.nullsLast(Comparator.naturalOrder())))
                .toList();
        return new FeedDocument(sorted, document.repairs());
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
