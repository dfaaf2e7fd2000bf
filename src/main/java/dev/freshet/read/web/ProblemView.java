package dev.freshet.read.web;

import dev.freshet.platform.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** The model of the page of a problem. */
record ProblemView(
        String assets, String title, int status, @Nullable String detail) {

    static ProblemView of(String assets, ProblemException e) {
        return new ProblemView(
                assets,
                e.problem().title(),
                e.problem().status().value(),
                e.getBody().getDetail());
    }
}
