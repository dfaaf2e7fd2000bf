package dev.freshet.content.intake;

import dev.freshet.content.article.StrictJson;
import dev.freshet.platform.problem.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** The formats of imports. */
enum ImportFormat {
    NDJSON,
    XML,
    JSON_FEED;

    static ImportFormat of(@Nullable MediaType type) {
        var format = type == null
                ? null
                : switch (type.getType() + "/" + type.getSubtype()) {
                    case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines" ->
                        NDJSON;
                    case "application/atom+xml", "application/rss+xml", "application/xml", "text/xml" -> XML;
                    case "application/feed+json", "application/json" -> JSON_FEED;
                    default -> null;
                };
        if (format != null) {
            return format;
        }
        throw Problem.UNSUPPORTED_MEDIA_TYPE.because("Supported types: application/x-ndjson, application/atom+xml,"
                + " application/rss+xml, application/feed+json. The Content-Type is "
                + (type == null ? "missing." : type + "."));
    }

    /** Returns the format of a fetched feed. Servers often send feeds with a generic type; XML is assumed then. */
    static ImportFormat ofFetched(@Nullable MediaType type) {
        return type == null
                        || type.equalsTypeAndSubtype(MediaType.TEXT_PLAIN)
                        || type.equalsTypeAndSubtype(MediaType.APPLICATION_OCTET_STREAM)
                ? XML
                : of(type);
    }

    /** Returns the entries of a document, oldest first, so that readers receive them in the order of their time. */
    List<ImportEntry> entries(byte[] document, @Nullable MediaType type, StrictJson json) {
        if (document.length == 0) {
            throw Problem.INVALID_REQUEST.because("The body is empty. Send the feed document as the body.");
        }
        var charset = type == null ? null : type.getCharset();
        var entries =
                new ArrayList<>(this == XML ? XmlFeed.entries(document, charset) : JsonFeed.entries(document, json));
        return entries.reversed().stream()
                .sorted(Comparator.comparing(ImportEntry::time, Comparator.nullsLast(Comparator.naturalOrder())))
                .toList();
    }
}
