package dev.freshet.content.article;

import java.util.List;
import java.util.Locale;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Evaluator;
import org.jsoup.select.Selector;

/** Replaces content of other sites that articles may not embed by links, so that nothing vanishes. */
final class EmbeddedContent {

    /** The class of a link to an {@link Embed}. */
    static final String CLASS = "embed";

    private static final Evaluator FRAMES = Selector.evaluatorOf("iframe, embed, object, frame");
    private static final Evaluator POSTS = Selector.evaluatorOf("blockquote[data-embed-url]");
    private static final Evaluator RECORDINGS = Selector.evaluatorOf("video[src], audio[src], source[src]");
    private static final List<String> SOURCES = List.of("src", "data-src", "data");

    private EmbeddedContent() {}

    /**
     * Changes a document that is not sanitised yet.
     *
     * @param noBase the base that the document has if its relative links stay
     */
    static void link(Document unsafe, String noBase) {
        for (var frame : unsafe.select(FRAMES)) {
            replaceFrame(frame, noBase);
        }
        for (var post : unsafe.select(POSTS)) {
            Embed.of(post.attr("data-embed-url")).ifPresent(embed -> linkPost(post, embed));
        }
        for (var source : unsafe.select(RECORDINGS)) {
            linkBlockedMedia(source);
        }
    }

    private static void replaceFrame(Element frame, String noBase) {
        var address = SOURCES.stream()
                .map(attribute -> address(frame, attribute, noBase))
                .filter(url -> !url.isEmpty())
                .findFirst()
                .orElse("");
        if (address.isEmpty()) {
            frame.unwrap();
            return;
        }
        var embed = Embed.of(address);
        var page = embed.map(Embed::page).orElse(address);
        var link = new Element("a")
                .attr("href", page)
                .text(frame.attr("title").isBlank() ? page : frame.attr("title").strip());
        if (embed.isPresent()) {
            link.addClass(CLASS);
        }
        frame.replaceWith(isInText(frame) ? link : new Element("p").appendChild(link));
    }

    /** Returns a web address or a relative one; empty for others, such as scripts. */
    private static String address(Element frame, String attribute, String noBase) {
        var url = frame.absUrl(attribute);
        if (url.startsWith(noBase)) {
            return frame.attr(attribute).strip();
        }
        return url.toLowerCase(Locale.ROOT).matches("https?://.*") ? url : "";
    }

    private static boolean isInText(Element frame) {
        var parent = frame.parent();
        return parent != null && (!parent.isBlock() || parent.is("p, h1, h2, h3, h4, h5, h6, pre, dt, summary"));
    }

    /** Marks the link that a quoted post contains, or adds one. */
    private static void linkPost(Element post, Embed embed) {
        var link = post.selectFirst("a[href]");
        if (link == null) {
            link = post.appendElement("p").appendElement("a").text(embed.page());
        }
        link.attr("href", embed.page()).attr("class", CLASS);
    }

    /** Adds a link to a recording that the page's policy blocks, since it is not sent over https. */
    private static void linkBlockedMedia(Element source) {
        var address = source.absUrl("src");
        var media = source.closest("video, audio");
        if (address.startsWith("http:") && media != null) {
            media.after(new Element("a").attr("href", address).text(address));
        }
    }
}
