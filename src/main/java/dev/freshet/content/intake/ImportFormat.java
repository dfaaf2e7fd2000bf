package dev.freshet.content.intake;

import dev.freshet.platform.problem.Problem;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** The forms of a body: lines, or a document whose content shows its format, since servers send many types. */
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
}
