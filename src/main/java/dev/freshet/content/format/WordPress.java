package dev.freshet.content.format;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of WordPress exports (WXR), which are RSS 2.0 with everything that a site has. */
final class WordPress {

    private static final Set<String> TAG_DOMAINS = Set.of("category", "post_tag");
    private static final Pattern CAPTION = Pattern.compile("\\[/?(?:wp_)?caption(?:\\s[^]]*)?]");
    private static final Pattern EMBED = Pattern.compile("\\[embed(?:\\s[^]]*)?](https?://[^\\s\\[\"<>]+)\\[/embed]");
    private static final Pattern BLANK_LINES = Pattern.compile("\\n[ \\t]*+\\n\\s*+");
    private static final String PRE = "<pre";
    private static final String PRE_END = "</pre>";
    private static final Pattern PARAGRAPH = Pattern.compile("(?i)<p[\\s>]");

    private WordPress() {}

    static boolean isExport(XmlNode.Element item) {
        return item.child("wp:post_type", "wp:status", "wp:post_id") != null;
    }

    /** @throws UnreadableEntryException if the item is not a post that everybody may read */
    static void check(XmlNode.Element item) {
        var type = item.textOf("wp:post_type");
        if (type != null && !type.equals("post")) {
            throw new UnreadableEntryException("left out, because it is not a post but of the WordPress type " + type);
        }
        var status = item.textOf("wp:status");
        if (status != null && !status.equals("publish") && !status.equals("future")) {
            throw new UnreadableEntryException("left out, because its WordPress status is " + status);
        }
        if (item.textOf("wp:post_password") != null) {
            throw new UnreadableEntryException("left out, because a password protects it");
        }
    }

    /** Returns whether a category classifies the article; exports have others for menus and formats. */
    static boolean isTag(XmlNode.Element category) {
        var item = category.attribute("domain");
        return category.attribute("nicename").isEmpty() || item.isEmpty() || TAG_DOMAINS.contains(item);
    }

    /** Adds the paragraphs and links that WordPress makes when it shows a post. */
    static FeedText shown(FeedText content) {
        var withoutCaptions = CAPTION.matcher(content.text()).replaceAll("");
        var withLinks = EMBED.matcher(withoutCaptions).replaceAll("<a href=\"$1\">$1</a>");
        return paragraphs(new FeedText(withLinks, content.isHtml()));
    }

    private static FeedText paragraphs(FeedText content) {
        if (!content.isHtml() || PARAGRAPH.matcher(content.text()).find()) {
            return content;
        }
        var text = content.text().strip().replace("\r\n", "\n");
        var lower = text.toLowerCase(Locale.ROOT);
        var html = new StringBuilder("<p>");
        var at = 0;
        while (true) {
            var start = lower.indexOf(PRE, at);
            var end = start < 0 ? -1 : lower.indexOf(PRE_END, start);
            if (end < 0 || lower.length() != text.length()) {
                return FeedText.html(html.append(paragraphs(text.substring(at))).toString());
            }
            html.append(paragraphs(text.substring(at, start))).append(text, start, end + PRE_END.length());
            at = end + PRE_END.length();
        }
    }

    private static String paragraphs(String text) {
        return BLANK_LINES.matcher(text).replaceAll("\n<p>");
    }
}
