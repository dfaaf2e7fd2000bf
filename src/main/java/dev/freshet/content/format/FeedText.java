package dev.freshet.content.format;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.parser.Parser;
import org.jsoup.parser.Tag;

/**
 * A text of a feed.
 *
 * @param isHtml whether it is HTML; plain text otherwise
 */
record FeedText(String text, boolean isHtml) {

    private static final Pattern MARKUP = Pattern.compile("</?([a-zA-Z][a-zA-Z0-9]*)(?=[\\s/>])[^<>]*>");
    // Unpaired surrogates and U+0000 are replaced, as HTML does.
    private static final Pattern INVALID_CHARACTERS = Pattern.compile("[\\p{Cs}\\x00]");
    /** Elements of HTML that jsoup does not know. */
    private static final Set<String> OBSOLETE = Set.of("blink", "bgsound", "isindex", "multicol", "spacer");

    private static final String REPLACEMENT = "\uFFFD";

    static FeedText html(String text) {
        return new FeedText(text, true);
    }

    static FeedText plain(String text) {
        return new FeedText(text, false);
    }

    /** Returns the text on one line without markup. */
    String line() {
        return replaceInvalid(isHtml ? Jsoup.parse(text).text() : text.strip().replaceAll("\\s+", " "));
    }

    /**
     * Returns a short text on one line. Its HTML is decoded once; names in angle brackets that are no elements of HTML
     * are text.
     */
    String label() {
        if (!isHtml) {
            return line();
        }
        var html = MARKUP.matcher(text)
                .replaceAll(markup -> Matcher.quoteReplacement(
                        isElement(markup.group(1).toLowerCase(Locale.ROOT))
                                ? markup.group()
                                : "&lt;" + markup.group().substring(1)));
        return replaceInvalid(Jsoup.parse(html).text().strip());
    }

    private static boolean isElement(String name) {
        return Tag.isKnownTag(name) || OBSOLETE.contains(name);
    }

    /** Returns HTML without any markup as plain text, so that its lines are kept. */
    FeedText withoutNeedlessHtml() {
        return isHtml && text.indexOf('<') < 0 ? plain(Parser.unescapeEntities(text, false)) : this;
    }

    static String replaceInvalid(String text) {
        return INVALID_CHARACTERS.matcher(text).replaceAll(REPLACEMENT);
    }
}
