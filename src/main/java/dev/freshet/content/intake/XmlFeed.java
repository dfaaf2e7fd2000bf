package dev.freshet.content.intake;

import com.rometools.rome.feed.synd.SyndCategory;
import com.rometools.rome.feed.synd.SyndContent;
import com.rometools.rome.feed.synd.SyndEntry;
import com.rometools.rome.feed.synd.SyndFeed;
import com.rometools.rome.feed.synd.SyndPerson;
import com.rometools.rome.io.FeedException;
import com.rometools.rome.io.SyndFeedInput;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import org.jdom2.Document;
import org.jdom2.Element;
import org.jdom2.JDOMException;
import org.jdom2.Namespace;
import org.jdom2.filter.Filters;
import org.jdom2.input.JDOMParseException;
import org.jdom2.input.SAXBuilder;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.XMLFilterImpl;

/** Reads Atom 1.0 and 0.3, RSS 2.0 and its predecessors. Rejects document type declarations, so no entity expands. */
final class XmlFeed {

    private static final Pattern MAIL_WITH_NAME = Pattern.compile("[^\\s@]++@\\S++\\s++\\((.+)\\)");
    private static final String MAX_DEPTH = "500";
    private static final String MAX_ATTRIBUTES = "200";
    // Each takes about a hundred bytes in memory.
    private static final int MAX_NODES = 1_000_000;
    private static final Pattern DATE =
            Pattern.compile("(?i)date|published|updated|modified|issued|created|available|valid|expire|base|time");
    private static final int MAX_DATE_LENGTH = 100;
    private static final String ADVICE = " Send a well-formed Atom or RSS 2.0 document without a DOCTYPE.";

    private XmlFeed() {}

    /**
     * Returns the entries in the order of the document.
     *
     * @param charset the charset of the Content-Type, which overrides the document's; null if absent
     */
    static List<ImportEntry> entries(byte[] document, @Nullable Charset charset) {
        try {
            var tree = tree(document, charset);
            var languages = languages(tree);
            var feed = feed(tree);
            var entries = new ArrayList<ImportEntry>();
            for (var entry : feed.getEntries()) {
                var number = entries.size() + 1;
                var language = number <= languages.size() ? languages.get(number - 1) : null;
                entries.add(entry(number, entry, feed, language));
            }
            return entries;
        } catch (JDOMParseException e) {
            throw invalid("line " + e.getLineNumber() + ", column " + e.getColumnNumber() + ": " + message(e));
        } catch (JDOMException | IOException e) {
            throw invalid(message(e));
        } catch (StackOverflowError e) {
            throw invalid("it is nested too deeply");
        }
    }

    private static SyndFeed feed(Document tree) {
        clearLongDates(tree);
        try {
            return new SyndFeedInput().build(tree);
        } catch (FeedException | RuntimeException e) {
            // The library throws unchecked exceptions when required elements are missing.
            throw invalid("it is neither Atom nor RSS");
        }
    }

    /** Clears overlong dates. The library tries many patterns on each, in quadratic time. */
    private static void clearLongDates(Document tree) {
        var tooLong = new ArrayList<Element>();
        for (var element : tree.getDescendants(Filters.element())) {
            if (DATE.matcher(element.getName()).find() && element.getText().length() > MAX_DATE_LENGTH) {
                tooLong.add(element);
            }
        }
        tooLong.forEach(element -> element.setText(""));
    }

    private static Document tree(byte[] document, @Nullable Charset charset) throws JDOMException, IOException {
        var builder = new SAXBuilder();
        builder.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        builder.setFeature("http://xml.org/sax/features/external-general-entities", false);
        builder.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
        // The JDK counts characters such as &lt; as entities and stops at 100,000: about 2 MB of HTML in a feed.
        // Without a DOCTYPE there are no other entities, and the document's size has its own limit.
        builder.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
        builder.setProperty("jdk.xml.totalEntitySizeLimit", "0");
        builder.setProperty("jdk.xml.maxElementDepth", MAX_DEPTH);
        builder.setProperty("jdk.xml.elementAttributeLimit", MAX_ATTRIBUTES);
        builder.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        builder.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        builder.setXMLFilter(new NodeLimit());
        var source = new InputSource(new ByteArrayInputStream(document));
        if (charset != null) {
            source.setEncoding(charset.name());
        }
        return builder.build(source);
    }

    /** Rejects documents that would take far more memory than their size. */
    private static final class NodeLimit extends XMLFilterImpl {

        private int nodes;

        @Override
        public void startElement(String uri, String localName, String qualifiedName, Attributes attributes)
                throws SAXException {
            nodes += 1 + attributes.getLength();
            if (nodes > MAX_NODES) {
                throw new SAXException("it has more than " + MAX_NODES + " elements and attributes");
            }
            super.startElement(uri, localName, qualifiedName, attributes);
        }
    }

    private static FeedEntry entry(int number, SyndEntry entry, SyndFeed feed, @Nullable String language) {
        var contents = entry.getContents();
        var description = value(entry.getDescription());
        var content = contents.isEmpty() ? entry.getDescription() : contents.getFirst();
        var summary = contents.isEmpty() || description == null ? null : HtmlToMarkdown.text(description);
        return new FeedEntry(
                number,
                entry.getUri(),
                url(entry),
                title(entry),
                value(content),
                isPlain(content),
                summary,
                entry.getCategories().stream()
                        .map(SyndCategory::getName)
                        .filter(Objects::nonNull)
                        .toList(),
                author(entry, feed),
                language == null ? feed.getLanguage() : language,
                time(entry.getPublishedDate(), entry.getUpdatedDate()));
    }

    private static @Nullable String url(SyndEntry entry) {
        var link = entry.getLink();
        return link == null || link.isBlank() ? null : link.strip();
    }

    private static @Nullable String title(SyndEntry entry) {
        var title = entry.getTitleEx();
        var value = value(title);
        return value == null || isPlain(title) ? value : HtmlToMarkdown.text(value);
    }

    private static @Nullable String author(SyndEntry entry, SyndFeed feed) {
        var authors = new ArrayList<@Nullable String>();
        entry.getAuthors().stream().map(SyndPerson::getName).forEach(authors::add);
        authors.add(entry.getAuthor());
        feed.getAuthors().stream().map(SyndPerson::getName).forEach(authors::add);
        authors.add(feed.getAuthor());
        for (var author : authors) {
            if (author != null && !author.isBlank()) {
                var mail = MAIL_WITH_NAME.matcher(author.strip());
                return mail.matches() ? mail.group(1) : author.strip();
            }
        }
        return null;
    }

    private static @Nullable String value(@Nullable SyndContent content) {
        var value = content == null ? null : content.getValue();
        return value == null || value.isBlank() ? null : value;
    }

    private static boolean isPlain(@Nullable SyndContent content) {
        var type = content == null ? null : content.getType();
        return type == null || !type.contains("html");
    }

    private static @Nullable Instant time(@Nullable Date published, @Nullable Date updated) {
        var time = published == null ? updated : published;
        return time == null ? null : time.toInstant();
    }

    /** Returns the own or inherited xml:lang of each entry, which the feed library ignores. */
    private static List<@Nullable String> languages(Document tree) {
        var languages = new ArrayList<@Nullable String>();
        var root = tree.getRootElement();
        var inherited = language(root, null);
        for (var child : root.getChildren()) {
            switch (child.getName()) {
                case "entry", "item" -> languages.add(language(child, inherited));
                case "channel" -> {
                    var channel = language(child, inherited);
                    for (var item : child.getChildren()) {
                        if (item.getName().equals("item")) {
                            languages.add(language(item, channel));
                        }
                    }
                }
                default -> {
                    // Not an entry.
                }
            }
        }
        return languages;
    }

    private static @Nullable String language(Element element, @Nullable String inherited) {
        var language = element.getAttributeValue("lang", Namespace.XML_NAMESPACE);
        return language == null || language.isBlank() ? inherited : language;
    }

    private static String message(Exception e) {
        var cause = e.getCause() == null ? e : e.getCause();
        var message = String.valueOf(cause.getMessage());
        return message.contains("DOCTYPE") ? "a DOCTYPE is not allowed" : message;
    }

    private static ProblemException invalid(String fault) {
        return Problem.INVALID_REQUEST.because("The document is invalid: " + fault + "." + ADVICE);
    }
}
