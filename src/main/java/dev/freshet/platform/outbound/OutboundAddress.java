package dev.freshet.platform.outbound;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Objects;

/** Checks the form of addresses that users name, and describes failures to reach them. */
public final class OutboundAddress {

    private OutboundAddress() {}

    /**
     * Parses an address that is http or https and has no user.
     *
     * @param field the field of the request that contains it, for the problem
     */
    public static URI parse(String field, String address) {
        try {
            return check(field, new URI(address.strip()));
        } catch (URISyntaxException e) {
            throw Problem.INVALID_REQUEST.because(
                    field + " is not a valid address: some characters must be percent-encoded.");
        }
    }

    static URI check(String field, URI uri) {
        var scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw Problem.INVALID_REQUEST.because(field + " must begin with http:// or https://.");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw Problem.INVALID_REQUEST.because(field + " must have a host, and neither a user nor a password.");
        }
        return uri;
    }

    /** Creates the problem of an address that cannot be fetched, for the reason of the user. */
    static ProblemException notFetched(String why) {
        return Problem.UNREACHABLE_ADDRESS.because("The address cannot be fetched: " + why + ".");
    }

    /**
     * Describes a failure for the user who named the address, without a hint at the internal network.
     *
     * @param fault the other possible fault of the server, in the third person
     */
    static String unreachable(Throwable failure, String fault) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "its host is unknown or not public, or its port is not a web port";
            }
        }
        return "its server cannot be reached, or " + fault;
    }
}
