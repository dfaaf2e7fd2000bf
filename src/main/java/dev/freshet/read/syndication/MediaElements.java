package dev.freshet.read.syndication;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.Attachment;
import dev.freshet.read.page.XmlText;
import java.util.ArrayList;
import java.util.List;
import org.jdom2.Element;
import org.jdom2.Namespace;

/** The files of an article as elements of Media RSS, which name what enclosures cannot. */
final class MediaElements {

    private static final Namespace MEDIA = Namespace.getNamespace("media", "http://search.yahoo.com/mrss/");

    private MediaElements() {}

    static List<Element> of(Article article) {
        var elements = new ArrayList<Element>();
        article.content().attachments().forEach(attachment -> elements.add(content(attachment)));
        if (article.content().image() != null) {
            elements.add(new Element("thumbnail", MEDIA)
                    .setAttribute("url", XmlText.of(article.content().image())));
        }
        return elements;
    }

    private static Element content(Attachment attachment) {
        var content = new Element("content", MEDIA).setAttribute("url", XmlText.of(attachment.address()));
        if (attachment.type() != null) {
            content.setAttribute("type", XmlText.of(attachment.type()));
        }
        if (attachment.length() != null) {
            content.setAttribute("fileSize", attachment.length().toString());
        }
        if (attachment.duration() != null) {
            content.setAttribute("duration", attachment.duration().toString());
        }
        if (attachment.title() != null) {
            content.addContent(new Element("title", MEDIA).setText(XmlText.of(attachment.title())));
        }
        return content;
    }
}
