package dev.freshet.platform.problem;

import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A {@link Problem} of one request, to be reported to the client. */
public final class ProblemException extends ErrorResponseException {

    private final Problem problem;

    ProblemException(Problem problem, String detail) {
        super(problem.status(), detail(problem, detail), null);
        this.problem = problem;
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
