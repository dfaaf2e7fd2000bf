package dev.freshet.content.source;

import dev.freshet.content.article.WebAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Link} (RFC 8288). */
final class Links {

    private static final int MAX_LENGTH = 10_000;
    private static final Pattern LINK =
            Pattern.compile("<([^>]*+)>((?:\\s*+;\\s*+[\\w*-]++\\s*+(?:=\\s*+(?:\"[^\"]*+\"|[^\",;\\s]*+))?+)*+)");
    private static final Pattern RELATION =
            Pattern.compile(";\\s*+rel\\s*+=\\s*+(?:\"([^\"]*+)\"|([^\",;\\s]*+))", Pattern.CASE_INSENSITIVE);

    private Links() {}

    /**
     * Returns the first target of a relation; null for none.
     *
     * @param base the address of the response
     */
    static @Nullable String first(List<String> headers, String relation, String base) {
        var all = String.join(",", headers);
        var link = LINK.matcher(all.substring(0, Math.min(MAX_LENGTH, all.length())));
        while (link.find()) {
            var relations = RELATION.matcher(link.group(2));
            if (relations.find()) {
                var names = relations.group(1) == null ? relations.group(2) : relations.group(1);
                if (List.of(names.strip().toLowerCase(Locale.ROOT).split("\\s+"))
                        .contains(relation)) {
                    return WebAddress.of(link.group(1), base);
                }
            }
        }
        return null;
    }
}
