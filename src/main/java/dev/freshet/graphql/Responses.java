package dev.freshet.graphql;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.stream.StreamFormat;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Writes the results of documents. */
final class Responses {

    private static final String PERSONAL = "private, no-store";
    private static final byte[] COMPLETE = Wire.utf8("event:complete\ndata:\n\n");

    private Responses() {}

    /**
     * Writes a result that is the same for every caller.
     *
     * @param conditional the request, if it may be conditional; null if not
     */
    static Mono<ServerResponse> shared(
            ResponseType type, ResponseCache.Entry entry, @Nullable ServerRequest conditional) {
        if (conditional == null || type == ResponseType.SSE) {
            return reply(HttpStatus.OK, type, "no-store", entry.body()).send();
        }
        var condition = conditional.headers().firstHeader(HttpHeaders.IF_NONE_MATCH);
        var isUnchanged = condition != null && matches(condition, entry.etag());
        var response = ServerResponse.status(isUnchanged ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
                .headers(headers -> publicHeaders(entry).forEach(headers::set));
        return isUnchanged
                ? response.build()
                : body(response.header(HttpHeaders.CONTENT_TYPE, type.contentType()), entry.body());
    }

    /** Returns the headers of a response that is the same for every caller, whether its body is sent or not. */
    static Map<String, String> publicHeaders(ResponseCache.Entry entry) {
        return Map.of(
                HttpHeaders.ETAG,
                entry.etag(),
                HttpHeaders.CACHE_CONTROL,
                "no-cache",
                HttpHeaders.VARY,
                HttpHeaders.ACCEPT);
    }

    /** Returns whether a value of If-None-Match contains an entity tag. */
    static boolean matches(String condition, String etag) {
        return ETag.parse(condition).stream()
                .anyMatch(tag -> tag.isWildcard() || ("\"" + tag.tag() + "\"").equals(etag));
    }

    /** A response that is not cached. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Reply(int status, HttpHeaders headers, byte[] body) {

        Mono<ServerResponse> send() {
            return Responses.body(ServerResponse.status(status).headers(all -> all.putAll(headers)), body);
        }
    }

    /** Returns the response with a result for one caller. */
    static Reply personal(ResponseType type, byte[] body, boolean hasData) {
        var status = type == ResponseType.GRAPHQL && !hasData ? HttpStatus.BAD_REQUEST : HttpStatus.OK;
        return reply(status, type, PERSONAL, body);
    }

    /** Writes the errors of a document that was to be answered by a stream. */
    static Mono<ServerResponse> refused(int status, byte[] body) {
        return body(
                ServerResponse.status(status)
                        .header(HttpHeaders.CACHE_CONTROL, PERSONAL)
                        .header(HttpHeaders.CONTENT_TYPE, ResponseType.GRAPHQL.contentType()),
                body);
    }

    /** Returns the response with the problem of a request that was not executed. */
    static Reply error(ResponseType type, ProblemException problem, JsonMapper json) {
        var body = json.writeValueAsBytes(ProblemErrors.response(problem));
        if (type == ResponseType.JSON && PersistedDocuments.isUnknown(problem)) {
            return personal(type, body, false);
        }
        var shape = type == ResponseType.SSE ? ResponseType.GRAPHQL : type;
        var headers = new HttpHeaders();
        headers.putAll(problem.getHeaders());
        if (problem.problem() == Problem.UNAVAILABLE) {
            headers.set(HttpHeaders.RETRY_AFTER, "5");
        }
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.set(HttpHeaders.CONTENT_TYPE, shape.contentType());
        return new Reply(problem.getStatusCode().value(), headers, body);
    }

    private static Reply reply(HttpStatus status, ResponseType type, String caching, byte[] result) {
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.CACHE_CONTROL, caching);
        headers.set(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        headers.set(HttpHeaders.CONTENT_TYPE, type.contentType());
        return new Reply(status.value(), headers, type == ResponseType.SSE ? events(result) : result);
    }

    /** Returns the events of a result that is complete. */
    private static byte[] events(byte[] result) {
        var line = StreamFormat.singleLine(new String(result, StandardCharsets.UTF_8));
        return Wire.join(Wire.SSE.next(null, Wire.utf8(line)), COMPLETE);
    }

    /** Writes bytes. */
    static Mono<ServerResponse> body(ServerResponse.BodyBuilder response, byte[] bytes) {
        return response.contentLength(bytes.length)
                .body((message, context) -> message.writeWith(
                        Mono.fromSupplier(() -> message.bufferFactory().wrap(bytes))));
    }
}
