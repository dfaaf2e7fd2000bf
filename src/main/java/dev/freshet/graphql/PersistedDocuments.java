package dev.freshet.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Documents that requests name by their SHA-256: those of a trusted list, and those that clients register (automatic
 * persisted queries). Anyone may register a valid document, so these are bounded, and the oldest are forgotten.
 */
final class PersistedDocuments {

    /** Maximum characters of all registered documents. */
    private static final long MAX_REGISTERED = 2_000_000;

    private static final String CODE = "code";
    private static final String NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND";
    private static final TypeReference<Map<String, String>> LIST = new TypeReference<>() {};

    private final Map<String, String> trusted;
    private final boolean onlyTrusted;
    private final Cache<String, String> registered = Caffeine.newBuilder()
            .maximumWeight(MAX_REGISTERED)
            .<String, String>weigher((hash, document) -> 100 + document.length())
            .build();

    private PersistedDocuments(Map<String, String> trusted, boolean onlyTrusted) {
        this.trusted = trusted;
        this.onlyTrusted = onlyTrusted;
    }

    /** Reads the trusted list of the settings, a JSON object with documents by any name. Blocks. */
    static PersistedDocuments of(GraphQlSettings.Documents settings, JsonMapper json) {
        var path = settings.trusted();
        var trusted = path == null
                ? Map.<String, String>of()
                : read(path, json).values().stream()
                        .distinct()
                        .collect(Collectors.toUnmodifiableMap(DigestUtils::sha256Hex, document -> document));
        return new PersistedDocuments(trusted, settings.onlyTrusted());
    }

    private static Map<String, String> read(Path path, JsonMapper json) {
        return json.readValue(path.toFile(), LIST);
    }

    /** Returns the document of a request, or throws the problem that it has none or that it is not trusted. */
    String find(DocumentRequest request) {
        var hash = hash(request);
        var text = request.query();
        if (text == null && hash == null) {
            throw Problem.INVALID_REQUEST.because("The request has no document. Send it as query.");
        }
        if (text == null) {
            return known(String.valueOf(hash));
        }
        var actual = hash != null || onlyTrusted ? DigestUtils.sha256Hex(text) : null;
        if (hash != null && !hash.equals(actual)) {
            throw Problem.INVALID_REQUEST.because("sha256Hash is not the SHA-256 of the document.");
        }
        if (onlyTrusted && !trusted.containsKey(String.valueOf(actual))) {
            throw Problem.FORBIDDEN.because("This server executes only the documents of its list. Ask its operator.");
        }
        return text;
    }

    /** Stores a valid document, if its request asks for that. */
    void register(DocumentRequest request) {
        var hash = hash(request);
        var text = request.query();
        if (hash != null && text != null && !trusted.containsKey(hash)) {
            registered.put(hash, text);
        }
    }

    private String known(String hash) {
        var document = trusted.get(hash);
        document = document == null && !onlyTrusted ? registered.getIfPresent(hash) : document;
        if (document == null) {
            // The text that clients of this protocol wait for, before they send the document.
            var unknown = Problem.INVALID_REQUEST.because("PersistedQueryNotFound");
            unknown.getBody().setProperty(CODE, NOT_FOUND);
            throw unknown;
        }
        return document;
    }

    /** Returns whether a client is expected to repeat its request with the document. */
    static boolean isUnknown(ProblemException problem) {
        var properties = problem.getBody().getProperties();
        return properties != null && NOT_FOUND.equals(properties.get(CODE));
    }

    private static @Nullable String hash(DocumentRequest request) {
        return request.extensions().get("persistedQuery") instanceof Map<?, ?> persisted
                        && persisted.get("sha256Hash") instanceof String hash
                ? hash.toLowerCase(Locale.ROOT)
                : null;
    }
}
