package dev.freshet.feed;

import dev.freshet.platform.LanguageTag;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The languages of a feed. Each selects the more specific ones too, as extended filtering does (RFC 4647, section 3.3.2):
 * {@code en} selects {@code en-GB}, and {@code zh-TW} selects {@code zh-Hant-TW}. An entry of the log without a language,
 * which an earlier version wrote, is in the feeds of all languages.
 *
 * @param any sorted keys of languages, of which any is the article's; empty for no condition
 * @param none sorted keys of languages that no article has
 */
public record Languages(List<String> any, List<String> none) {

    /** No condition. */
    public static final Languages ALL = new Languages(List.of(), List.of());

    public Languages {
        any = keys(any);
        none = keys(none);
    }

    private static List<String> keys(List<String> tags) {
        return tags.stream()
                .filter(tag -> !tag.isBlank())
                .map(LanguageTag::key)
                .sorted()
                .distinct()
                .toList();
    }

    /**
     * Returns whether articles of a language are in the feed.
     *
     * @param language its key; null if unknown
     */
    boolean contain(@Nullable String language) {
        if (language == null) {
            return true;
        }
        return (any.isEmpty() || any.stream().anyMatch(range -> selects(range, language)))
                && none.stream().noneMatch(range -> selects(range, language));
    }

    private static boolean selects(String range, String language) {
        if (range.indexOf('-') < 0) {
            return language.startsWith(range)
                    && (language.length() == range.length() || language.charAt(range.length()) == '-');
        }
        var wanted = range.split("-", -1);
        var parts = language.split("-", -1);
        if (!wanted[0].equals(parts[0])) {
            return false;
        }
        var next = 1;
        for (var i = 1; i < parts.length && next < wanted.length; i++) {
            if (parts[i].equals(wanted[next])) {
                next++;
            } else if (parts[i].length() == 1) {
                // It begins an extension or private subtags, which are skipped only as a whole.
                return false;
            }
        }
        return next == wanted.length;
    }

    /** Returns the first subtags of the selected languages, such as {@code en}, sorted and distinct. */
    public List<String> primary() {
        return any.stream().map(range -> range.split("-", 2)[0]).distinct().toList();
    }

    /** Returns regular expressions of PostgreSQL, which find the keys of the languages that any of these selects. */
    public static String[] patterns(List<String> languages) {
        return languages.stream()
                .map(range -> Pattern.compile("-")
                        .splitAsStream(range)
                        .collect(Collectors.joining("(-[a-z0-9]{2,})*-", "^", "(-|$)")))
                .toArray(String[]::new);
    }
}
