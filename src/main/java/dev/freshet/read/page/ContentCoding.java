package dev.freshet.read.page;

import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/** The negotiation of the content coding (RFC 9110, section 12.5.3). Pages exist uncompressed and as gzip. */
final class ContentCoding {

    private static final Pattern ZERO_WEIGHT = Pattern.compile(";\\s*q=0(\\.0*)?\\s*$");

    private ContentCoding() {}

    /** Returns whether a client accepts gzip. */
    static boolean acceptsGzip(HttpHeaders request) {
        var accepted = request.getFirst(HttpHeaders.ACCEPT_ENCODING);
        if (accepted == null) {
            return false;
        }
        for (var coding : accepted.split(",", -1)) {
            var weight = coding.indexOf(';');
            var name = (weight < 0 ? coding : coding.substring(0, weight)).strip();
            if (name.equalsIgnoreCase("gzip") || name.equals("*")) {
                return weight < 0 || !ZERO_WEIGHT.matcher(coding).find(weight);
            }
        }
        return false;
    }
}
