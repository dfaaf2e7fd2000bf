package dev.freshet.content.article;

import dev.freshet.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;

/** Makes the relative links of a Markdown text absolute, so that a text from elsewhere keeps its links and images here. */
public final class RelativeLinks {

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
    /** The ends of what precedes an address, without white space. */
    private static final List<String> BEFORE_ADDRESS = List.of("(", "(<", "]:", "]:<");

    private static final Pattern ATTRIBUTE =
            Pattern.compile("\\b(?:href|src|poster)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)')", Pattern.CASE_INSENSITIVE);

    private RelativeLinks() {}

    /**
     * Returns the text with absolute links. Fragments and the images of this instance stay, and so does a text that cannot
     * be parsed.
     *
     * @param base an absolute web address
     */
    public static String resolve(String markdown, String base) {
        try {
            var finder = new Finder(markdown, base);
            Markdown.parser(IncludeSourceSpans.BLOCKS_AND_INLINES)
                    .parse(markdown)
                    .accept(finder);
            return finder.changed();
        } catch (StackOverflowError | ProblemException e) {
            // Rendering reports the fault.
            return markdown;
        }
    }

    /** A part of the source, from its start to before its end, and its replacement. */
    private record Change(int start, int end, String address) {}

    /** Finds the relative addresses in the source. */
    private static final class Finder extends AbstractVisitor {

        private final String source;
        private final String base;
        private final List<Change> changes = new ArrayList<>();

        private Finder(String source, String base) {
            this.source = source;
            this.base = base;
        }

        private String changed() {
            var changed = new StringBuilder();
            var at = 0;
            changes.sort(Comparator.comparingInt(Change::start));
            for (var change : changes) {
                changed.append(source, at, change.start()).append(change.address());
                at = change.end();
            }
            return changed.append(source, at, source.length()).toString();
        }

        @Override
        public void visit(Link link) {
            findDestination(link, link.getDestination(), endOfText(link));
            visitChildren(link);
        }

        @Override
        public void visit(Image image) {
            findDestination(image, image.getDestination(), endOfText(image));
            visitChildren(image);
        }

        @Override
        public void visit(LinkReferenceDefinition definition) {
            if (!definition.getSourceSpans().isEmpty()) {
                findDestination(definition, definition.getDestination(), source.indexOf("]:", start(definition)));
            }
        }

        @Override
        public void visit(HtmlBlock html) {
            findAttributes(html);
        }

        @Override
        public void visit(HtmlInline html) {
            findAttributes(html);
        }

        /** @param from after the text, which may be the same as the address */
        private void findDestination(Node node, String destination, int from) {
            if (node.getSourceSpans().isEmpty() || destination.isEmpty() || from < 0 || from > end(node)) {
                return;
            }
            var at = source.substring(from, end(node)).indexOf(destination);
            if (at >= 0 && isBeforeAddress(source.substring(from, from + at).replaceAll("\\s+", ""))) {
                change(from + at, destination);
            }
        }

        private static boolean isBeforeAddress(String text) {
            return BEFORE_ADDRESS.stream().anyMatch(text::endsWith);
        }

        private static int endOfText(Node link) {
            return link.getLastChild() == null
                            || link.getLastChild().getSourceSpans().isEmpty()
                    ? start(link)
                    : end(link.getLastChild());
        }

        private void findAttributes(Node html) {
            if (html.getSourceSpans().isEmpty()) {
                return;
            }
            var attributes = ATTRIBUTE.matcher(source).region(start(html), end(html));
            while (attributes.find()) {
                var group = attributes.group(1) == null ? 2 : 1;
                change(attributes.start(group), attributes.group(group));
            }
        }

        private void change(int start, String address) {
            if (SCHEME.matcher(address).matches() || address.startsWith("#") || SafeHtml.isOwnImage(address)) {
                return;
            }
            var absolute = WebAddress.of(address, base);
            if (absolute != null) {
                changes.add(new Change(start, start + address.length(), absolute));
            }
        }

        private static int start(Node node) {
            return node.getSourceSpans().isEmpty()
                    ? 0
                    : node.getSourceSpans().getFirst().getInputIndex();
        }

        private static int end(Node node) {
            if (node.getSourceSpans().isEmpty()) {
                return 0;
            }
            var last = node.getSourceSpans().getLast();
            return last.getInputIndex() + last.getLength();
        }
    }
}
