package dev.freshet.content.format;

import dev.freshet.platform.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists of feeds in OPML 1.0 and 2.0, as feed readers export them. */
public final class Opml {

    private Opml() {}

    /**
     * A feed of a list.
     *
     * @param title null for none
     * @param categories the names of the folders that contain it, and its own categories
     */
    public record Outline(@Nullable String title, String url, List<String> categories) {}

    /**
     * Reads a list.
     *
     * @return the feeds in the order of the document; folders have none themselves
     * @throws dev.freshet.platform.problem.ProblemException if the document is not OPML
     */
    public static List<Outline> read(byte[] document) {
        if (document.length == 0) {
            throw Problem.INVALID_REQUEST.because("The body is empty. Send the OPML document as the body.");
        }
        var root = XmlParser.parse(document, null, "").root();
        var body = root.name().equals("opml") ? root.child("body") : null;
        if (body == null) {
            throw Problem.INVALID_REQUEST.because("The document is not OPML: it needs an element opml with a body.");
        }
        var outlines = new ArrayList<Outline>();
        add(body, List.of(), outlines);
        return List.copyOf(outlines);
    }

    private static void add(XmlNode.Element parent, List<String> folders, List<Outline> outlines) {
        parent.children("outline").forEach(outline -> {
            var title = title(outline);
            var url = outline.attribute("xmlurl");
            if (url.isEmpty()) {
                add(outline, title == null ? folders : concat(folders, Stream.of(title)), outlines);
            } else {
                outlines.add(new Outline(title, url, concat(folders, categories(outline))));
                add(outline, folders, outlines);
            }
        });
    }

    private static @Nullable String title(XmlNode.Element outline) {
        return Stream.of("title", "text")
                .map(outline::attribute)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(null);
    }

    /** Returns the categories: names or paths such as {@code /news/science}, with commas between them. */
    private static Stream<String> categories(XmlNode.Element outline) {
        return Stream.of(outline.attribute("category").split(",", -1))
                .map(String::strip)
                .flatMap(
                        category -> category.startsWith("/") ? Stream.of(category.split("/", -1)) : Stream.of(category))
                .map(String::strip)
                .filter(category -> !category.isEmpty());
    }

    private static List<String> concat(List<String> folders, Stream<String> more) {
        Set<String> all = new LinkedHashSet<>(folders);
        more.forEach(all::add);
        return List.copyOf(all);
    }
}
