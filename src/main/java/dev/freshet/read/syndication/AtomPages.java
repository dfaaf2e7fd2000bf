package dev.freshet.read.syndication;

import com.rometools.rome.feed.atom.Category;
import com.rometools.rome.feed.atom.Content;
import com.rometools.rome.feed.atom.Entry;
import com.rometools.rome.feed.atom.Feed;
import com.rometools.rome.feed.atom.Link;
import com.rometools.rome.feed.atom.Person;
import dev.freshet.content.article.Article;
import dev.freshet.content.article.Attachment;
import dev.freshet.platform.http.Representation;
import dev.freshet.read.page.FeedPage;
import dev.freshet.read.page.PageQuery;
import dev.freshet.read.page.PageRenderer;
import dev.freshet.read.page.SyndicationSettings;
import dev.freshet.read.page.XmlText;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.jdom2.Element;
import org.jdom2.Namespace;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Pages as Atom (RFC 4287), with the links of RFC 5005. */
@Component
final class AtomPages implements PageRenderer {

    static final Namespace HISTORY = Namespace.getNamespace("fh", "http://purl.org/syndication/history/1.0");

    private final FeedWriter writer;
    private final SyndicationSettings settings;

    AtomPages(FeedWriter writer, SyndicationSettings settings) {
        this.writer = writer;
        this.settings = settings;
    }

    @Override
    public Representation representation() {
        return Representation.ATOM;
    }

    @Override
    public byte[] render(PageQuery query, FeedPage page) {
        var syndication = new Syndication(query, page, settings.hub(query));
        var feed = new Feed("atom_1.0");
        feed.setId(syndication.id());
        feed.setTitle(syndication.title());
        feed.setUpdated(Date.from(syndication.updated()));
        feed.setAlternateLinks(List.of(link("alternate", syndication.home(), "text/html")));
        var links = new ArrayList<Link>();
        syndication
                .links()
                .forEach((relation, address) ->
                        links.add(link(relation, address, relation.equals("hub") ? null : "application/atom+xml")));
        feed.setOtherLinks(links);
        if (syndication.isArchive()) {
            feed.setForeignMarkup(List.of(new Element("archive", HISTORY)));
        }
        feed.setEntries(syndication.articles().stream()
                .map(article -> entry(syndication, article))
                .toList());
        return writer.write(feed, root -> complete(root, syndication));
    }

    /** Adds the languages, and the times with their fractions of seconds, which Rome leaves out. */
    private static void complete(Element root, Syndication syndication) {
        var articles = syndication.articles().iterator();
        child(root, "updated").setText(syndication.updated().toString());
        for (var entry : root.getChildren("entry", root.getNamespace())) {
            var article = articles.next();
            MediaElements.of(article).forEach(entry::addContent);
            entry.setAttribute("lang", article.content().language(), Namespace.XML_NAMESPACE);
            child(entry, "published").setText(syndication.published(article).toString());
            child(entry, "updated").setText(article.publication().updatedAt().toString());
        }
    }

    private static Element child(Element parent, String name) {
        return Objects.requireNonNull(parent.getChild(name, parent.getNamespace()), name);
    }

    private static Entry entry(Syndication syndication, Article article) {
        var entry = new Entry();
        entry.setId(syndication.id(article));
        entry.setTitle(XmlText.of(article.content().title()));
        entry.setPublished(Date.from(syndication.published(article)));
        entry.setUpdated(Date.from(article.publication().updatedAt()));
        var author = new Person();
        author.setName(XmlText.of(article.content().author()));
        entry.setAuthors(List.of(author));
        entry.setCategories(
                article.content().tags().stream().map(AtomPages::category).toList());
        entry.setAlternateLinks(List.of(link("alternate", syndication.address(article), "text/html")));
        var links = new ArrayList<Link>();
        if (article.content().canonicalUrl() != null) {
            links.add(link("via", article.content().canonicalUrl(), null));
        }
        article.content().attachments().forEach(attachment -> links.add(enclosure(attachment)));
        entry.setOtherLinks(links);
        entry.setSummary(content("text", article.content().summary()));
        var html = syndication.html(article);
        if (html != null) {
            entry.setContents(List.of(content("html", html)));
        }
        return entry;
    }

    private static Category category(String tag) {
        var category = new Category();
        category.setTerm(XmlText.of(tag));
        return category;
    }

    private static Content content(String type, String value) {
        var content = new Content();
        content.setType(type);
        content.setValue(XmlText.of(value));
        return content;
    }

    private static Link enclosure(Attachment attachment) {
        var type = attachment.type();
        var link = link("enclosure", attachment.address(), type == null ? null : XmlText.of(type));
        link.setLength(attachment.length() == null ? 0 : attachment.length());
        link.setTitle(attachment.title() == null ? null : XmlText.of(attachment.title()));
        return link;
    }

    private static Link link(String relation, String address, @Nullable String type) {
        var link = new Link();
        link.setRel(relation);
        link.setHref(XmlText.of(address));
        link.setType(type);
        return link;
    }
}
