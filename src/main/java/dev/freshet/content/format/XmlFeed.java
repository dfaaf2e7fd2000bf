package dev.freshet.content.format;

import dev.freshet.content.article.WebAddress;
import java.util.ArrayList;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads Atom 1.0 and 0.3, and RSS 2.0, 1.0 and 0.9x with the usual extensions. */
final class XmlFeed {

    private static final Set<String> ROOTS = Set.of("rss", "rdf:rdf", "rdf", "channel", "atom:feed", "atom:entry");

    private XmlFeed() {}

    /** Returns the entries in the order of the document. */
    static FeedDocument read(DocumentSource source) {
        var parsed = XmlParser.parse(source.bytes(), source.charset(), source.address());
        var root = root(parsed.root());
        if (root == null) {
            throw XmlParser.invalid("it is neither Atom nor RSS");
        }
        var channel = root.child("channel");
        var header = channel == null ? root : channel;
        var feed = defaults(header, source);
        var entries = new ArrayList<DocumentEntry>();
        items(root, parsed.root()).forEach(item -> entries.add(XmlEntry.of(entries.size() + 1, item, feed)));
        return new FeedDocument(entries, parsed.repairs(), FeedHints.of(header, source.address()));
    }

    /** Returns the root of the feed, before which a faulty document may have other elements. */
    private static XmlNode.@Nullable Element root(XmlNode.Element element) {
        if (ROOTS.contains(element.name())) {
            return element;
        }
        return element.elements()
                .map(XmlFeed::root)
                .filter(found -> found != null)
                .findFirst()
                .orElse(null);
    }

    /** @param document has other feeds too if the document has several roots */
    private static Stream<XmlNode.Element> items(XmlNode.Element root, XmlNode.Element document) {
        return switch (root.name()) {
            case "atom:entry" -> Stream.of(root);
            case "atom:feed" -> document.descendants(Set.of("atom:entry", "atom:item"));
            default -> document.descendants(Set.of("item"));
        };
    }

    private static FeedDefaults defaults(XmlNode.Element header, DocumentSource source) {
        var time = FeedTime.of(header.children(
                        "lastbuilddate", "pubdate", "dc:date", "atom:updated", "atom:modified", "dcterms:modified")
                .map(XmlNode.Element::text));
        var language = header.textOf("language", "dc:language");
        return new FeedDefaults(
                base(header, source.address()),
                XmlEntry.authors(
                        header,
                        "dc:creator",
                        "itunes:author",
                        "atom:author",
                        "author",
                        "managingeditor",
                        "googleplay:author",
                        "itunes:owner",
                        "webmaster"),
                Stream.of(language, header.language(), source.language())
                        .filter(each -> each != null && !each.isBlank())
                        .findFirst()
                        .orElse(null),
                FeedTags.of(header),
                time.instant());
    }

    /** Returns {@code xml:base}, else the address of the home page, else that of the document. */
    private static String base(XmlNode.Element header, String address) {
        if (!header.base().isEmpty()) {
            return header.base();
        }
        var home = header.children("atom:link")
                .filter(link -> Set.of("", "alternate").contains(link.attribute("rel")))
                .map(link -> link.attribute("href"));
        var self = header.children("atom:link")
                .filter(link -> link.attribute("rel").equals("self"))
                .map(link -> link.attribute("href"));
        return Stream.of(
                        header.children("link").map(XmlNode.Element::text),
                        home,
                        Stream.of(header.attribute("href")),
                        self)
                .flatMap(addresses -> addresses)
                .map(link -> WebAddress.of(link, address))
                .filter(link -> link != null)
                .map(String::valueOf)
                .findFirst()
                .orElse(address);
    }
}
