package dev.freshet.graphql;

import dev.freshet.platform.problem.Problem;
import java.util.Comparator;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The media types of responses; the first is the default. */
enum ResponseType {
    /** Reports an invalid document with status 200, as older clients expect. */
    JSON(MediaType.APPLICATION_JSON),
    GRAPHQL(MediaType.APPLICATION_GRAPHQL_RESPONSE),
    /** GraphQL over server-sent events, in distinct connections mode. */
    SSE(MediaType.TEXT_EVENT_STREAM);

    @SuppressWarnings("ImmutableEnumChecker") // a MediaType never changes
    private final MediaType type;

    ResponseType(MediaType type) {
        this.type = type;
    }

    /** Returns the value of Content-Type. */
    String contentType() {
        return type + ";charset=utf-8";
    }

    /** Returns the type that a client prefers, or throws the problem that it accepts none. */
    static ResponseType negotiate(HttpHeaders headers) {
        List<MediaType> accept;
        try {
            accept = headers.getAccept();
        } catch (InvalidMediaTypeException e) {
            throw Problem.INVALID_REQUEST.because("The Accept header is malformed. Send a list of media types.");
        }
        if (accept.isEmpty()) {
            return JSON;
        }
        var preferred = accept.stream()
                .filter(range -> range.getQualityValue() > 0)
                .sorted(Comparator.comparingDouble(MediaType::getQualityValue).reversed())
                .toList();
        for (var range : preferred) {
            for (var offered : values()) {
                if (range.includes(offered.type)) {
                    return offered;
                }
            }
        }
        throw Problem.NOT_ACCEPTABLE.because(
                "No acceptable media type. Accept " + JSON.type + ", " + GRAPHQL.type + " or " + SSE.type + ".");
    }
}
