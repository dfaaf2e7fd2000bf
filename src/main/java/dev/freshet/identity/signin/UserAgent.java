package dev.freshet.identity.signin;

import org.jspecify.annotations.Nullable;

/** The {@code User-Agent} header, by which users recognise their sessions. */
final class UserAgent {

    private static final int MAX_LENGTH = 100;

    private UserAgent() {}

    /** Returns the value of the header, truncated and without control characters; empty if the client sent none. */
    static String of(@Nullable String header) {
        var agent = header == null ? "" : header;
        return agent.substring(0, Math.min(MAX_LENGTH, agent.length())).replaceAll("\\p{Cntrl}", " ");
    }
}
