package dev.freshet.identity.signin;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a browser goes on after signing in, which a link may say: never to another site. */
public final class Destination {

    private static final int LONGEST = 500;
    // A path of this server, without what browsers read as the beginning of another host.
    private static final Pattern LOCAL = Pattern.compile("/(?![/\\\\])[\\x21-\\x5b\\x5d-\\x7e]*");

    private Destination() {}

    /** The address that was asked for, where it is one of this server; else the first page. */
    public static String of(@Nullable String asked) {
        return asked != null
                        && asked.length() <= LONGEST
                        && LOCAL.matcher(asked).matches()
                ? asked
                : "/";
    }
}
