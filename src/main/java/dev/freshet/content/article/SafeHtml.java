package dev.freshet.content.article;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.safety.Cleaner;
import org.jsoup.safety.Safelist;
import org.jsoup.select.Elements;
import org.jsoup.select.Evaluator;
import org.jsoup.select.Selector;

/** Defines the HTML that articles may contain. Everything else is removed, and its text is kept. */
public final class SafeHtml {

    private static final Pattern FOOTNOTE_ID = Pattern.compile("fn(ref)?[\\p{L}\\p{N}_.:-]*");
    private static final Pattern LANGUAGE_CLASS = Pattern.compile("language-[\\w+#.-]{1,40}");
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9-]{1,35}");
    private static final Pattern DIRECTION = Pattern.compile("ltr|rtl|auto");

    // The path of uploaded images. Package image and the triggers of table article_image use the same pattern.
    private static final Pattern OWN_IMAGE = Pattern.compile("/images/[0-9a-f]{32}\\.(png|jpg)");

    /** The ids of the page that shows the article. */
    static final Set<String> PAGE_IDS = Set.of(
            "main",
            "notice",
            "article",
            "feed",
            "status",
            "more",
            "empty",
            "older",
            "item",
            "q",
            "account",
            "location");

    private static final Pattern HEADING_ID = Pattern.compile("[\\p{L}\\p{M}\\p{N}_-]{1,200}");

    /** The base of relative links that stay relative, so that the protocols of others can be checked. */
    private static final String NO_BASE = "https://freshet.invalid/";

    // Parsing a selector takes longer than finding the elements of a short article.
    private static final Evaluator LINKS = Selector.evaluatorOf("a[href]");
    private static final Evaluator FOREIGN_CONTENT = Selector.evaluatorOf("math, svg");
    private static final Evaluator WITH_CHECKED_ATTRIBUTES = Selector.evaluatorOf("[id], [class], [dir], [lang]");
    private static final String TASK_BOX = "li > input[type=checkbox][disabled]";

    private static final Safelist ALLOWED = allowed();
    private static final Safelist ALLOWED_RELATIVE = allowed().preserveRelativeLinks(true);

    private SafeHtml() {}

    private static Safelist allowed() {
        return new UploadedImageSafelist()
                .addTags(
                        "del", "s", "ins", "hr", "kbd", "mark", "samp", "var", "dfn", "abbr", "time", "wbr", "bdi",
                        "bdo")
                .addTags("section", "article", "aside", "header", "footer", "nav", "address", "details", "summary")
                .addTags("figure", "figcaption", "ruby", "rb", "rt", "rp", "rtc", "video", "audio", "source")
                .addAttributes(":all", "dir", "lang")
                .addAttributes("a", "id", "class")
                .addAttributes("nav", "class")
                .addAttributes("li", "id")
                .addTags("input")
                .addAttributes("input", "type", "checked", "disabled")
                .addAttributes("h1", "id")
                .addAttributes("h2", "id")
                .addAttributes("h3", "id")
                .addAttributes("h4", "id")
                .addAttributes("h5", "id")
                .addAttributes("h6", "id")
                .addAttributes("abbr", "title")
                .addAttributes("code", "class")
                .addAttributes("section", "class")
                .addAttributes("sup", "class")
                .addAttributes("td", "align")
                .addAttributes("th", "align")
                .addAttributes("video", "src", "poster", "width", "height")
                .addAttributes("audio", "src")
                .addAttributes("source", "src", "type")
                .addProtocols("a", "href", "#")
                .addProtocols("video", "src", "https")
                .addProtocols("video", "poster", "https")
                .addProtocols("audio", "src", "https")
                .addProtocols("source", "src", "https")
                .addEnforcedAttribute("a", "rel", "nofollow noopener")
                .addEnforcedAttribute("img", "loading", "lazy")
                .addEnforcedAttribute("video", "controls", "controls")
                .addEnforcedAttribute("video", "preload", "none")
                .addEnforcedAttribute("audio", "controls", "controls")
                .addEnforcedAttribute("audio", "preload", "none");
    }

    /**
     * Returns a document that has only what is allowed. Frames, and recordings that are not sent over https, become links.
     * Search engines shall not follow the links of the result.
     *
     * @param base makes relative links absolute; empty keeps them
     */
    public static Document clean(Document unsafe, String base) {
        // Browsers parse the content of these elements differently, so it must not remain without them.
        unsafe.select(FOREIGN_CONTENT).remove();
        if (base.isEmpty()) {
            unsafe.setBaseUri(NO_BASE);
        }
        EmbeddedContent.link(unsafe, NO_BASE);
        var safe = new Cleaner(base.isEmpty() ? ALLOWED_RELATIVE : ALLOWED).clean(unsafe);
        safe.outputSettings().prettyPrint(false);
        cleanAttributes(safe);
        safe.getElementsByTag("input").stream()
                .filter(input -> !input.is(TASK_BOX))
                .forEach(Element::remove);
        if (!base.isEmpty()) {
            keepFragments(safe, base);
        }
        return safe;
    }

    /** Also permits uploaded images, which have relative URLs. */
    private static final class UploadedImageSafelist extends Safelist {

        private UploadedImageSafelist() {
            super(Safelist.relaxed());
        }

        @Override
        public boolean isSafeAttribute(String tagName, Element element, Attribute attribute) {
            return (tagName.equals("img") && attribute.getKey().equals("src") && isOwnImage(attribute.getValue()))
                    || super.isSafeAttribute(tagName, element, attribute);
        }
    }

    /** Returns whether a path is that of an uploaded image. */
    static boolean isOwnImage(String path) {
        return OWN_IMAGE.matcher(path).matches();
    }

    private static void cleanAttributes(Document document) {
        for (var element : document.select(WITH_CHECKED_ATTRIBUTES)) {
            keepIf(element, "id", isKnownId(element));
            keepIf(element, "class", isKnownClass(element));
            var direction = element.attr("dir").toLowerCase(Locale.ROOT);
            keepIf(element, "dir", DIRECTION.matcher(direction).matches());
            keepIf(element, "lang", LANGUAGE.matcher(element.attr("lang")).matches());
        }
    }

    private static void keepIf(Element element, String attribute, boolean isAllowed) {
        if (!isAllowed) {
            element.removeAttr(attribute);
        }
    }

    private static boolean isKnownId(Element element) {
        var isHeading = element.normalName().matches("h[1-6]");
        return (isHeading ? HEADING_ID : FOOTNOTE_ID).matcher(element.id()).matches();
    }

    /** Returns the links of a document. */
    static Elements links(Document document) {
        return document.select(LINKS);
    }

    private static void keepFragments(Document document, String base) {
        for (var link : links(document)) {
            var href = link.attr("href");
            if (href.startsWith(base + "#")) {
                link.attr("href", href.substring(base.length()));
            }
        }
    }

    private static boolean isKnownClass(Element element) {
        return switch (element.normalName()) {
            case "code" -> LANGUAGE_CLASS.matcher(element.className()).matches();
            case "section" -> element.className().equals("footnotes");
            case "sup" -> element.className().equals("footnote-ref");
            case "nav" -> element.className().equals("toc");
            case "a" ->
                element.className().equals(EmbeddedContent.CLASS)
                        && Embed.of(element.attr("href")).isPresent();
            default -> false;
        };
    }
}
