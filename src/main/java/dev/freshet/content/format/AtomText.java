package dev.freshet.content.format;

import dev.freshet.content.article.WebAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Entities;
import org.jsoup.parser.Tag;
import org.jspecify.annotations.Nullable;

/** Reads the texts of elements: HTML in RSS, and what their type and mode say in Atom. */
final class AtomText {

    private static final Set<String> ADDRESSES = Set.of("href", "src", "poster", "cite");

    /** Characters that show that a file is not text. */
    private static final Pattern BINARY = Pattern.compile("[\\p{Cntrl}\\uFFFD&&[^\\t\\r\\n]]");

    private AtomText() {}

    /** Returns the text of an element; null if its content is neither text nor HTML. */
    static @Nullable FeedText of(XmlNode.Element element) {
        if (!element.name().startsWith("atom:")) {
            return element.hasElements() || element.name().startsWith("xhtml:")
                    ? FeedText.html(html(element))
                    : new FeedText(element.text(), !isPlain(element));
        }
        var type = element.attribute("type").toLowerCase(Locale.ROOT);
        if (element.attribute("mode").equalsIgnoreCase("base64")) {
            var text = decode(element.text());
            return text == null ? null : new FeedText(text, isHtml(type));
        }
        if (element.hasElements()) {
            var isHtml = type.isEmpty() || type.startsWith("text") || isHtml(type);
            return isHtml ? FeedText.html(html(element)) : FeedText.plain(element.text());
        }
        if (isHtml(type)) {
            var isXhtml = type.contains("xhtml") && !element.attribute("mode").equalsIgnoreCase("escaped");
            return FeedText.html(isXhtml ? Entities.escape(element.text()) : element.text());
        }
        if (type.isEmpty() || type.startsWith("text")) {
            return FeedText.plain(element.text());
        }
        // RFC 4287, section 4.1.3.3: other media types are in Base64.
        var text = decode(element.text());
        return text == null || BINARY.matcher(text).find() ? null : FeedText.html(text);
    }

    private static boolean isPlain(XmlNode.Element element) {
        return element.attribute("type").equals("plain")
                || element.attribute("type").equals("text/plain");
    }

    private static boolean isHtml(String type) {
        return type.contains("html");
    }

    private static @Nullable String decode(String base64) {
        try {
            return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns the content of an element as HTML, with addresses that have a base of their own made absolute. */
    private static String html(XmlNode.Element parent) {
        var html = new StringBuilder();
        parent.content().forEach(node -> append(node, html));
        return html.toString();
    }

    private static void append(XmlNode node, StringBuilder html) {
        switch (node) {
            case XmlNode.Text text -> html.append(Entities.escape(text.text()));
            case XmlNode.Element element -> {
                var name = element.name().substring(element.name().indexOf(':') + 1);
                html.append('<').append(name);
                element.attributes().forEach((key, value) -> {
                    var resolved = ADDRESSES.contains(key) ? WebAddress.of(value, element.base()) : null;
                    html.append(' ')
                            .append(key)
                            .append("=\"")
                            .append(Entities.escape(resolved == null ? value : resolved))
                            .append('"');
                });
                html.append('>');
                element.content().forEach(child -> append(child, html));
                if (!Tag.valueOf(name).isEmpty()) {
                    html.append("</").append(name).append('>');
                }
            }
        }
    }
}
