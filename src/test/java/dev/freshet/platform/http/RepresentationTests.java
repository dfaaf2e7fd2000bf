package dev.freshet.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;

class RepresentationTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/articles                        | text/event-stream                    | true",
                "/api/v1/articles                        | application/x-ndjson                 | true",
                "/api/v1/articles                        | text/*                               | true",
                "/api/v1/articles?format=sse             | */*                                  | true",
                "/api/v1/articles?format=ndjson          | application/json                     | true",
                "/api/v1/articles?format=json            | text/event-stream                    | false",
                "/api/v1/articles                        | application/json,text/event-stream   | false",
                "/api/v1/articles                        | application/json;q=0.1,text/event-stream | true",
                "/api/v1/articles                        | */*                                  | false",
                "/api/v1/articles?format=sse2            | text/event-stream                    | false",
                "/api/v1/articles                        | text/event-stream;q=0                | false",
                "/api/v1/articles                        | no media type                        | false",
                "/api/v1/articles                        | text/event-stream, ;                 | false",
                "/api/v1/feeds                           | text/event-stream                    | false",
                "/api/v1/articles/1                      | text/event-stream                    | false",
            })
    void isStream_followsTheNegotiation(String address, String accept, boolean stream) {
        assertThat(Representation.isStream(exchange(HttpMethod.GET, address, accept)))
                .isEqualTo(stream);
    }

    @Test
    void isStream_isFalse_forOtherMethods() {
        assertThat(Representation.isStream(exchange(HttpMethod.HEAD, "/api/v1/articles", "text/event-stream")))
                .isFalse();
        assertThat(Representation.isStream(exchange(HttpMethod.POST, "/api/v1/articles", "text/event-stream")))
                .isFalse();
    }

    @Test
    void negotiation_reportsTheFault() {
        assertProblem("/api/v1/articles", "no media type", Problem.INVALID_REQUEST);
        assertProblem("/api/v1/articles?format=sse2", "*/*", Problem.INVALID_REQUEST);
        assertProblem("/api/v1/articles", "image/png", Problem.NOT_ACCEPTABLE);
    }

    private static ServerWebExchange exchange(HttpMethod method, String address, String accept) {
        return MockServerWebExchange.from(request(method, address, accept));
    }

    private static void assertProblem(String address, String accept, Problem problem) {
        var request = request(HttpMethod.GET, address, accept);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Representation.negotiate(
                        request.getQueryParams(), request.getHeaders(), Representation.OF_FEEDS))
                .satisfies(failure -> assertThat(failure.problem()).isEqualTo(problem));
    }

    private static MockServerHttpRequest request(HttpMethod method, String address, String accept) {
        return MockServerHttpRequest.method(method, address)
                .header(HttpHeaders.ACCEPT, accept)
                .build();
    }
}
