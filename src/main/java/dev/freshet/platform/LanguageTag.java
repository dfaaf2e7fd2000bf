package dev.freshet.platform;

import java.util.IllformedLocaleException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Language tags (BCP 47). */
public final class LanguageTag {

    private LanguageTag() {}

    /** Returns a tag in canonical form; null if the text is not one. */
    public static @Nullable String canonical(String text) {
        try {
            var tag = new Locale.Builder().setLanguageTag(text.strip()).build().toLanguageTag();
            // Feed generators use en-us for English of any region.
            return tag.equals("en-US") ? "en" : tag;
        } catch (IllformedLocaleException e) {
            return null;
        }
    }

    /** Returns the key by which tags are compared, whose letters are small. */
    public static String key(String tag) {
        var canonical = canonical(tag);
        return (canonical == null ? tag : canonical).toLowerCase(Locale.ROOT);
    }

    /** Returns the English name of a language, such as {@code Portuguese (Brazil)}. */
    public static String name(String tag) {
        return Locale.forLanguageTag(tag).getDisplayName(Locale.ENGLISH);
    }
}
