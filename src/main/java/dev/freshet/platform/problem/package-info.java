/** The error catalogue and its conversion to RFC 9457 problem details. Any package may use it. */
@NullMarked
package dev.freshet.platform.problem;

import org.jspecify.annotations.NullMarked;
