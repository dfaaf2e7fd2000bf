package dev.freshet.content.format;

import dev.freshet.content.article.ArticleDraft;
import dev.freshet.content.article.Attachment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of an entry.
 *
 * @param attachments with addresses that may be relative or invalid
 * @param image the address of an image that represents the entry
 */
record FeedMedia(List<Attachment> attachments, @Nullable String image) {

    private static final Pattern CLOCK = Pattern.compile("(?:(?:(\\d{1,4}):)?(\\d{1,4}):)?(\\d{1,9})(?:\\.\\d+)?");

    /** Returns the valid attachments. Descriptions of one file are merged. */
    List<Attachment> valid(String base, Repairs repairs) {
        var byAddress = new LinkedHashMap<String, Attachment>();
        for (var attachment : attachments) {
            var url = repairs.url("attachments", attachment.url(), base);
            if (url != null) {
                byAddress.merge(url, cleaned(url, attachment, repairs), FeedMedia::merge);
            }
        }
        var all = new ArrayList<>(byAddress.values());
        if (all.size() > ArticleDraft.MAX_ATTACHMENTS) {
            repairs.add("attachments after the first " + ArticleDraft.MAX_ATTACHMENTS + " were dropped");
            return List.copyOf(all.subList(0, ArticleDraft.MAX_ATTACHMENTS));
        }
        return all;
    }

    private static Attachment cleaned(String url, Attachment raw, Repairs repairs) {
        return new Attachment(
                url,
                repairs.text("the type of an attachment", raw.type(), ArticleDraft.MAX_NAME_LENGTH),
                raw.length(),
                raw.duration(),
                repairs.text("the title of an attachment", raw.title(), ArticleDraft.MAX_TITLE_LENGTH));
    }

    private static Attachment merge(Attachment first, Attachment second) {
        return new Attachment(
                first.url(),
                first.type() == null ? second.type() : first.type(),
                first.length() == null ? second.length() : first.length(),
                first.duration() == null ? second.duration() : first.duration(),
                first.title() == null ? second.title() : first.title());
    }

    /** Returns a positive number of bytes; null if the text is none. Publishers write 0 where they do not know it. */
    static @Nullable Long length(String text) {
        return text.matches("[1-9]\\d{0,17}") ? Long.valueOf(text) : null;
    }

    /** Returns seconds from {@code 1:02:03}, {@code 62:03} or {@code 3723}; null if the text has another form. */
    static @Nullable Long seconds(String text) {
        var parts = CLOCK.matcher(text.strip());
        if (!parts.matches()) {
            return null;
        }
        return number(parts.group(1)) * 3600 + number(parts.group(2)) * 60 + number(parts.group(3));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** Reads the files of an XML entry. The first image represents it. */
    static FeedMedia of(XmlNode.Element entry) {
        var duration = Objects.requireNonNullElse(entry.textOf("itunes:duration"), "");
        var attachments = new ArrayList<Attachment>();
        var original = entry.textOf("feedburner:origenclosurelink");
        for (var file : entry.children("enclosure").toList()) {
            var attachment = attachment(file, "url", "length", duration);
            attachments.add(original == null ? attachment : attachment.withUrl(original));
        }
        entry.children("atom:link")
                .filter(link -> link.attribute("rel").equalsIgnoreCase("enclosure"))
                .map(file -> enclosure(file, duration))
                .forEach(attachments::add);
        entry.children("atom:content")
                .filter(content -> !content.attribute("src").isEmpty())
                .forEach(file -> attachments.add(attachment(file, "src", "length", "")));
        var images = new ArrayList<String>();
        entry.children("itunes:image", "googleplay:image")
                .forEach(image -> images.add(image.attribute("href") + image.attribute("url")));
        entry.children("itunes:link")
                .filter(link -> link.attribute("rel").equals("image"))
                .forEach(image -> images.add(image.attribute("href")));
        var parents = withGroups(entry);
        for (var parent : parents) {
            for (var file : parent.children("media:content").toList()) {
                if (isImage(file) && images.isEmpty()) {
                    images.add(file.attribute("url"));
                } else {
                    attachments.add(attachment(file, "url", "filesize", file.attribute("duration")));
                }
            }
            parent.children("media:peerlink").forEach(file -> attachments.add(attachment(file, "href", "length", "")));
        }
        parents.stream()
                .flatMap(parent -> parent.children("media:thumbnail"))
                .forEach(thumbnail -> images.add(thumbnail.attribute("url")));
        return new FeedMedia(
                attachments,
                images.stream().filter(image -> !image.isEmpty()).findFirst().orElse(null));
    }

    private static List<XmlNode.Element> withGroups(XmlNode.Element entry) {
        var parents = new ArrayList<>(List.of(entry));
        entry.children("media:group").forEach(parents::add);
        return parents;
    }

    private static boolean isImage(XmlNode.Element file) {
        return file.attribute("medium").equals("image")
                || file.attribute("type").startsWith("image/");
    }

    /** Reads a link of Atom. Some publishers write its address as text. */
    private static Attachment enclosure(XmlNode.Element link, String duration) {
        var enclosure = attachment(link, "href", "length", duration);
        return link.attribute("href").isEmpty() ? enclosure.withUrl(link.text().strip()) : enclosure;
    }

    private static Attachment attachment(XmlNode.Element file, String url, String length, String duration) {
        var type = file.attribute("type");
        var title = file.attribute("title").isEmpty() ? file.textOf("media:title") : file.attribute("title");
        return new Attachment(
                file.attribute(url),
                type.isEmpty() ? null : type,
                length(file.attribute(length)),
                seconds(duration),
                title);
    }
}
