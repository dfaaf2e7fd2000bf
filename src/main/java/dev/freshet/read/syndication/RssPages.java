package dev.freshet.read.syndication;

import com.rometools.rome.feed.module.DCModuleImpl;
import com.rometools.rome.feed.rss.Category;
import com.rometools.rome.feed.rss.Channel;
import com.rometools.rome.feed.rss.Description;
import com.rometools.rome.feed.rss.Enclosure;
import com.rometools.rome.feed.rss.Guid;
import com.rometools.rome.feed.rss.Item;
import dev.freshet.content.article.Article;
import dev.freshet.content.article.Attachment;
import dev.freshet.platform.http.Representation;
import dev.freshet.read.page.FeedPage;
import dev.freshet.read.page.PageQuery;
import dev.freshet.read.page.PageRenderer;
import dev.freshet.read.page.SyndicationSettings;
import dev.freshet.read.page.XmlText;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jdom2.Element;
import org.jdom2.Namespace;
import org.jsoup.parser.Parser;
import org.springframework.stereotype.Component;

/**
 * Pages as RSS 2.0, with the links of RFC 5005. Authors are Dublin Core creators, since RSS's own element requires an
 * e-mail address. The body is in {@code content:encoded}.
 */
@Component
final class RssPages implements PageRenderer {

    private static final Namespace ATOM = Namespace.getNamespace("atom", "http://www.w3.org/2005/Atom");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final Namespace CONTENT =
            Namespace.getNamespace("content", "http://purl.org/rss/1.0/modules/content/");

    private final FeedWriter writer;
    private final SyndicationSettings settings;

    RssPages(FeedWriter writer, SyndicationSettings settings) {
        this.writer = writer;
        this.settings = settings;
    }

    @Override
    public Representation representation() {
        return Representation.RSS;
    }

    @Override
    public byte[] render(PageQuery query, FeedPage page) {
        var syndication = new Syndication(query, page, settings.hub(query));
        var channel = new Channel("rss_2.0");
        // Readers interpret titles and descriptions as HTML.
        channel.setTitle(html(syndication.title()));
        channel.setLink(syndication.home());
        channel.setDescription(html(syndication.description()));
        channel.setLanguage(syndication.language());
        var markup = new ArrayList<Element>();
        syndication.links().forEach((relation, address) -> markup.add(link(relation, address)));
        if (syndication.isArchive()) {
            markup.add(new Element("archive", AtomPages.HISTORY));
        }
        channel.setForeignMarkup(markup);
        channel.setItems(syndication.articles().stream()
                .map(article -> item(syndication, article))
                .toList());
        return writer.write(channel, root -> complete(root.getChild("channel"), syndication));
    }

    /**
     * Adds the times, which Rome would write in the Julian calendar before 1582, and the bodies. Some readers take the last
     * of description and body for the text, and Rome writes the description late.
     */
    private static void complete(Element channel, Syndication syndication) {
        var articles = syndication.articles().iterator();
        channel.addContent(new Element("lastBuildDate").setText(TIME.format(syndication.updated())));
        for (var item : channel.getChildren("item")) {
            var article = articles.next();
            item.addContent(new Element("pubDate").setText(TIME.format(syndication.published(article))));
            var html = syndication.html(article);
            if (html != null) {
                item.addContent(new Element("encoded", CONTENT).setText(XmlText.of(html)));
            }
        }
    }

    private static Element link(String relation, String address) {
        var link = new Element("link", ATOM).setAttribute("rel", relation).setAttribute("href", XmlText.of(address));
        return relation.equals("hub") ? link : link.setAttribute("type", "application/rss+xml");
    }

    private static Item item(Syndication syndication, Article article) {
        var item = new Item();
        item.setTitle(html(article.content().title()));
        item.setLink(syndication.address(article));
        var guid = new Guid();
        guid.setValue(syndication.id(article));
        guid.setPermaLink(false);
        item.setGuid(guid);
        var description = new Description();
        description.setValue(html(article.content().summary()));
        item.setDescription(description);
        item.setCategories(
                article.content().tags().stream().map(RssPages::category).toList());
        var creator = new DCModuleImpl();
        creator.setCreator(text(article.content().author()));
        creator.setLanguage(article.content().language());
        item.setModules(List.of(creator));
        item.setEnclosures(article.content().attachments().stream()
                .limit(1)
                .map(RssPages::enclosure)
                .toList());
        item.setForeignMarkup(MediaElements.of(article));
        return item;
    }

    /** Returns the one file that an item may have; {@link MediaElements} names all. */
    private static Enclosure enclosure(Attachment attachment) {
        var enclosure = new Enclosure();
        var type = attachment.type();
        enclosure.setUrl(XmlText.of(attachment.address()));
        enclosure.setType(type == null ? "application/octet-stream" : XmlText.of(type));
        enclosure.setLength(attachment.length() == null ? 0 : attachment.length());
        return enclosure;
    }

    private static Category category(String tag) {
        var category = new Category();
        category.setValue(text(tag));
        return category;
    }

    /** Returns a text as HTML. Leaves quotation marks as they are, for readers that do not decode it. */
    private static String html(String text) {
        return XmlText.of(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Returns a text that few readers decode. It is HTML only if decoding would change it. */
    private static String text(String text) {
        return Parser.unescapeEntities(text, false).equals(text) && text.indexOf('<') < 0
                ? XmlText.of(text)
                : html(text);
    }
}
