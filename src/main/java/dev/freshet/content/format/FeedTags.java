package dev.freshet.content.format;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the categories, subjects and keywords of XML feeds. */
final class FeedTags {

    private FeedTags() {}

    /** Returns the tags of an entry or a feed. */
    static List<String> of(XmlNode.Element element) {
        var tags = new LinkedHashSet<String>();
        for (var category : element.children("category", "dc:subject", "atom:category", "media:category")
                .toList()) {
            if (WordPress.isTag(category) && !AtomExport.isKind(category)) {
                var term = category.attribute("term");
                var label = category.attribute("label");
                var name = label.isEmpty() ? term : label;
                var isAtom = category.name().equals("atom:category");
                var text = name.isEmpty() || (!isAtom && !category.text().isBlank()) ? category.text() : name;
                tags.add(isAtom ? text.strip() : FeedText.html(text).label());
            }
        }
        element.descendantsOf("itunes:category")
                .map(category -> category.attribute("text").strip())
                .forEach(tags::add);
        element.children("itunes:keywords", "media:keywords")
                .flatMap(keywords -> Pattern.compile(",").splitAsStream(keywords.text()))
                .map(String::strip)
                .forEach(tags::add);
        return tags.stream().filter(tag -> !tag.isBlank()).toList();
    }
}
