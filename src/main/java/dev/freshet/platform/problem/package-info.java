/** The error catalogue and its way to the client as RFC 9457 problem details. Anyone may use it. */
@NullMarked
package dev.freshet.platform.problem;

import org.jspecify.annotations.NullMarked;
