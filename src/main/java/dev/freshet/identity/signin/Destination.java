package dev.freshet.identity.signin;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The address to continue at after signing in, which a link may name: never on another site. */
public final class Destination {

    private static final int LONGEST = 500;
    // A path of this server, without forms that browsers read as another host.
    private static final Pattern LOCAL = Pattern.compile("/(?![/\\\\])[\\x21-\\x5b\\x5d-\\x7e]*");

    private Destination() {}

    /** Returns the requested address if it is on this server; else the first page. */
    public static String of(@Nullable String asked) {
        return asked != null
                        && asked.length() <= LONGEST
                        && LOCAL.matcher(asked).matches()
                ? asked
                : "/";
    }
}
