package dev.freshet.content.format;

import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.WebAddress;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An entry of Atom or an item of RSS. An element of another format or extension stands in for a missing one. */
record XmlEntry(int line, XmlNode.Element element, FeedDefaults feed, FeedTime published) implements DocumentEntry {

    private static final Pattern MAIL_WITH_NAME = Pattern.compile("[^\\s@]++@\\S++\\s++\\((.+)\\)");
    private static final Pattern NAME_WITH_MAIL =
            Pattern.compile("([^<>@]+?)\\s*[<(]\\s*(?:mailto:)?[^\\s@<>]+@[^\\s<>]+?\\s*[>)]");
    private static final int MAX_AUTHOR_LENGTH = 2000;

    static XmlEntry of(int line, XmlNode.Element element, FeedDefaults feed) {
        return new XmlEntry(line, element, feed, published(element));
    }

    @Override
    public int weight() {
        return element.text().length();
    }

    @Override
    public @Nullable Instant time() {
        return published.instant();
    }

    @Override
    public long digest() {
        return Digest.of(feed.digestText() + element);
    }

    @Override
    public ImportedArticle read() {
        WordPress.check(element);
        AtomExport.check(element);
        try {
            return entry().read();
        } catch (StackOverflowError e) {
            throw new UnreadableEntryException("its HTML is nested too deeply");
        }
    }

    private FeedEntry entry() {
        var content = content();
        var summary = summary();
        var texts = new FeedEntry.Texts(
                title(),
                content == null ? summary : content,
                content == null || isSame(content, summary) ? explicitSummary() : summary);
        var language = element.textOf("dc:language", "language");
        return new FeedEntry(
                line,
                feed,
                new FeedEntry.Names(id(), url(), element.textOf("wp:post_name"), base()),
                texts,
                new FeedEntry.Labels(FeedTags.of(element), authors(), language == null ? languageOfText() : language),
                published,
                FeedMedia.of(element));
    }

    /** Returns the base of links in the content. */
    private String base() {
        return element.children("content:encoded", "atom:content", "description", "atom:summary")
                .map(XmlNode.Element::base)
                .filter(base -> !base.isEmpty())
                .findFirst()
                .orElse(element.base().isEmpty() ? feed.base() : element.base());
    }

    private @Nullable String id() {
        var id = element.textOf("guid", "atom:id", "dc:identifier");
        return id == null && !element.attribute("rdf:about").isEmpty() ? element.attribute("rdf:about") : id;
    }

    private @Nullable String url() {
        var guid = element.children("guid")
                .filter(each -> !each.attribute("ispermalink").equals("false"));
        var ids = Stream.concat(guid, element.children("atom:id"))
                .map(XmlNode.Element::text)
                .filter(text -> text.strip().matches("https?://.*"));
        return Stream.of(
                        element.children("feedburner:origlink").map(XmlNode.Element::text),
                        element.children("link").map(link -> resolved(link, link.text())),
                        element.children("atom:link")
                                .filter(link -> relation(link).equals("alternate"))
                                .map(link -> resolved(link, link.attribute("href") + link.text())),
                        ids,
                        element.children("atom:link")
                                .filter(link -> relation(link).contains(":"))
                                .map(link -> resolved(link, link.attribute("href"))),
                        Stream.of(element.attribute("rdf:about"), element.attribute("href")),
                        element.children("link").map(link -> resolved(link, link.attribute("href"))))
                .flatMap(addresses -> addresses)
                .filter(address -> !address.isBlank())
                .findFirst()
                .orElse(null);
    }

    /** Resolves an address against the base of its own element; keeps it for the base of the feed if there is none. */
    private static String resolved(XmlNode.Element link, String address) {
        var resolved = link.base().isEmpty() ? null : WebAddress.of(address, link.base());
        return resolved == null ? address : resolved;
    }

    private static String relation(XmlNode.Element link) {
        var relation = link.attribute("rel").toLowerCase(java.util.Locale.ROOT);
        return relation.isEmpty()
                ? "alternate"
                : relation.replaceFirst("^http://www\\.iana\\.org/assignments/relation/", "");
    }

    /** Returns the language of the content, else of the summary or the title; null if none has one. */
    private @Nullable String languageOfText() {
        return element.children(
                        "content:encoded",
                        "atom:content",
                        "content",
                        "fullitem",
                        "description",
                        "atom:summary",
                        "title",
                        "atom:title",
                        "dc:title")
                .filter(text -> !text.text().isBlank())
                .map(XmlNode.Element::language)
                .filter(language -> language != null)
                .findFirst()
                .orElse(element.language());
    }

    private @Nullable FeedText title() {
        return first(element.children("title", "atom:title", "dc:title", "media:title", "itunes:title"));
    }

    private @Nullable FeedText content() {
        var content = first(element.children(
                "content:encoded", "atom:content", "content", "xhtml:body", "xhtml:div", "body", "fullitem"));
        return WordPress.isExport(element) && content != null ? WordPress.shown(content) : content;
    }

    /** Returns the text that stands in for a missing content, and else introduces it. */
    private @Nullable FeedText summary() {
        return first(Stream.of(
                        element.children(
                                "excerpt:encoded",
                                "description",
                                "atom:summary",
                                "itunes:summary",
                                "dc:description",
                                "abstract",
                                "summary"),
                        element.children("media:description"),
                        element.children("media:group").flatMap(group -> group.children("media:description")),
                        element.children("googleplay:description", "itunes:subtitle"))
                .flatMap(each -> each));
    }

    private @Nullable FeedText explicitSummary() {
        return first(element.children("summary", "itunes:summary", "itunes:subtitle"));
    }

    private static boolean isSame(FeedText content, @Nullable FeedText summary) {
        return summary != null && content.text().equals(summary.text());
    }

    private static @Nullable FeedText first(Stream<XmlNode.Element> elements) {
        return elements.map(AtomText::of)
                .filter(text -> text != null && !text.text().isBlank())
                .findFirst()
                .orElse(null);
    }

    private static FeedTime published(XmlNode.Element element) {
        var times = element.children(
                        "pubdate",
                        "atom:published",
                        "atom:issued",
                        "dc:date",
                        "dcterms:issued",
                        "dcterms:created",
                        "atom:created",
                        "wp:post_date_gmt",
                        "wp:post_date",
                        "atom:updated",
                        "atom:modified",
                        "dcterms:modified",
                        "lastbuilddate")
                .map(XmlNode.Element::text);
        return FeedTime.of(Stream.concat(times, Stream.of(element.attribute("lastmod"))));
    }

    private List<String> authors() {
        var own = authors(
                element,
                "dc:creator",
                "author",
                "itunes:author",
                "googleplay:author",
                "atom:author",
                "dcterms:creator",
                "dc:author");
        var source = own.isEmpty() ? element.child("atom:source") : null;
        return source == null ? own : authors(source, "atom:author");
    }

    /** Returns the names of the first kind of element that names anyone; empty if none does. */
    static List<String> authors(XmlNode.Element parent, String... kinds) {
        for (var kind : kinds) {
            var names = parent.children(kind)
                    .map(XmlEntry::name)
                    .filter(name -> !name.isBlank())
                    .distinct()
                    .toList();
            if (!names.isEmpty()) {
                return names;
            }
        }
        return List.of();
    }

    private static String name(XmlNode.Element person) {
        var name = person.textOf("atom:name", "name", "itunes:name");
        var mail = person.textOf("atom:email", "email", "itunes:email", "atom:uri", "atom:url", "atom:homepage");
        if (name != null || mail != null) {
            return name == null ? String.valueOf(mail) : name;
        }
        var text = person.text().replaceAll("\\s+", " ").strip();
        if (text.length() > MAX_AUTHOR_LENGTH) {
            return Repairs.beginning(text, MAX_AUTHOR_LENGTH);
        }
        for (var form : List.of(MAIL_WITH_NAME, NAME_WITH_MAIL)) {
            var parts = form.matcher(text);
            if (parts.matches()) {
                return FeedText.html(parts.group(1)).label();
            }
        }
        return FeedText.html(text).label();
    }
}
