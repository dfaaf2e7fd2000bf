/**
 * The error catalogue and its conversion to RFC 9457 problem details. Any package may use it.
 *
 * <p>{@link dev.freshet.platform.problem.Problem} lists all errors that clients receive; throw one with its detail.
 * {@link dev.freshet.platform.problem.ProblemHandler} writes the response, and {@link dev.freshet.platform.problem.Problems}
 * maps exceptions of libraries.
 */
@NullMarked
package dev.freshet.platform.problem;

import org.jspecify.annotations.NullMarked;
