package dev.freshet.identity.signin;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page that a browser opens after sign-in. A link can choose it, but never on another site. */
public final class Destination {

    private static final int MAX_LENGTH = 500;
    // A path on this server, by the characters of RFC 3986. Browsers treat // as the start of another host.
    private static final Pattern LOCAL =
            Pattern.compile("/(?!/)(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*+(?:#[A-Za-z0-9._~-]*+)?");

    private Destination() {}

    /** Returns the requested address if it is a path on this server, else {@code /}. */
    public static String of(@Nullable String requested) {
        return requested != null
                        && requested.length() <= MAX_LENGTH
                        && LOCAL.matcher(requested).matches()
                ? requested
                : "/";
    }
}
