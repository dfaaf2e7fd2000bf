package dev.freshet.content.format;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A node of a feed document. */
sealed interface XmlNode {

    /** Text, with its references decoded. */
    record Text(String text) implements XmlNode {}

    /**
     * An element. {@link XmlNames} defines the canonical names.
     *
     * @param name the canonical name in lower case, such as {@code title}, {@code atom:title} or {@code dc:creator}
     * @param attributes by canonical name
     * @param base the own or inherited {@code xml:base}, absolute; empty if absent
     * @param language the own or inherited {@code xml:lang}; null if absent
     * @param content the children, which the parser adds
     */
    record Element(
            String name,
            Map<String, String> attributes,
            String base,
            @Nullable String language,
            List<XmlNode> content) implements XmlNode {

        /** Returns the child elements in their order. */
        Stream<Element> elements() {
            return content.stream().filter(Element.class::isInstance).map(Element.class::cast);
        }

        /** Returns the child elements of these names, first by name and then in their order. */
        Stream<Element> children(String... names) {
            return Stream.of(names).flatMap(name -> elements().filter(child -> child.name.equals(name)));
        }

        @Nullable
        Element child(String... names) {
            return children(names).findFirst().orElse(null);
        }

        /** Returns the text of the first child of these names that has any; null if none has. */
        @Nullable
        String textOf(String... names) {
            return children(names)
                    .map(Element::text)
                    .filter(text -> !text.isBlank())
                    .map(String::strip)
                    .findFirst()
                    .orElse(null);
        }

        /** Returns the value; empty if absent. */
        String attribute(String attribute) {
            return attributes.getOrDefault(attribute, "").strip();
        }

        /** Returns all descendants of these names in their order, except those within others. */
        Stream<Element> descendants(Set<String> wanted) {
            return elements()
                    .flatMap(child -> wanted.contains(child.name) ? Stream.of(child) : child.descendants(wanted));
        }

        /** Returns all descendants of a name, also those within others. */
        Stream<Element> descendantsOf(String wanted) {
            return children(wanted).flatMap(child -> Stream.concat(Stream.of(child), child.descendantsOf(wanted)));
        }

        boolean hasElements() {
            return elements().findFirst().isPresent();
        }

        /** Returns the text of the element and its descendants. */
        String text() {
            var text = new StringBuilder();
            appendText(text);
            return text.toString();
        }

        private void appendText(StringBuilder text) {
            for (var node : content) {
                switch (node) {
                    case Text part -> text.append(part.text());
                    case Element element -> element.appendText(text);
                }
            }
        }
    }
}
