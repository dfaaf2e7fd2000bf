package dev.freshet.content.format;

import dev.freshet.content.article.WebAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the fields of an entry valid, and collects descriptions of what it changed. */
final class Repairs {

    private static final int MAX_DESCRIPTIONS = 20;

    private final List<String> descriptions = new ArrayList<>();

    void add(String description) {
        if (descriptions.size() == MAX_DESCRIPTIONS) {
            descriptions.add("further repairs of this entry are not listed");
        } else if (descriptions.size() < MAX_DESCRIPTIONS) {
            descriptions.add(description);
        }
    }

    List<String> descriptions() {
        return List.copyOf(descriptions);
    }

    /** Returns a text of one line; null if it is blank. */
    @Nullable
    String text(String field, @Nullable String text, int maxLength) {
        if (text == null || text.isBlank()) {
            return null;
        }
        var plain = FeedText.replaceInvalid(text.strip());
        if (plain.length() <= maxLength) {
            return plain;
        }
        add(field + " was shortened to " + maxLength + " characters");
        return shorten(plain, maxLength);
    }

    /** Returns a repaired URL; null if that is not possible. */
    @Nullable
    String url(String field, @Nullable String url, String base) {
        if (url == null || url.isBlank()) {
            return null;
        }
        var repaired = WebAddress.of(url, base);
        if (repaired == null) {
            add(field + " is not a web address and was dropped: "
                    + beginning(FeedText.replaceInvalid(url.strip()), 200));
        }
        return repaired;
    }

    /** Cuts a text at a space near the limit. */
    static String shorten(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        int end = text.lastIndexOf(' ', maxLength - 1);
        return (end > maxLength / 2 ? text.substring(0, end) : beginning(text, maxLength - 2)) + "…";
    }

    /** Returns the start of a text, without splitting a surrogate pair. */
    static String beginning(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength);
    }
}
