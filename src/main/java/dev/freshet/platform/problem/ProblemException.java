package dev.freshet.platform.problem;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A {@link Problem} of one request, to be reported to the client. */
public final class ProblemException extends ErrorResponseException {

    /** The challenge of every response with status 401 (RFC 6750, section 3). */
    public static final String CHALLENGE = "Bearer realm=\"freshet\"";

    private final Problem problem;

    ProblemException(Problem problem, String detail) {
        super(problem.status(), detail(problem, detail), null);
        this.problem = problem;
        if (problem.status() == HttpStatus.UNAUTHORIZED) {
            getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
        }
    }

    public Problem problem() {
        return problem;
    }

    private static ProblemDetail detail(Problem problem, String detail) {
        var body = ProblemDetail.forStatusAndDetail(problem.status(), detail);
        body.setType(problem.type());
        body.setTitle(problem.title());
        body.setProperty("hint", problem.hint());
        return body;
    }
}
