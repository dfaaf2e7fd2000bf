package dev.freshet.content.format;

import dev.freshet.content.article.WebAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Builds the tree of a feed document from the events of a parser. Resolves namespaces, {@code xml:base} and
 * {@code xml:lang}, and limits the number of nodes.
 */
final class XmlTreeBuilder {

    // Each takes about a hundred bytes in memory.
    static final int MAX_NODES = 1_000_000;
    static final int MAX_DEPTH = 500;

    /** The characters that XML 1.0 forbids, and that documents contain as references or by mistake. */
    static final Pattern FORBIDDEN = Pattern.compile("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

    private static final Pattern UNUSUAL = Pattern.compile(FORBIDDEN.pattern() + "|[\\x80-\\x9F]");

    private final Deque<Open> open = new ArrayDeque<>();
    private final Set<String> undeclared = new LinkedHashSet<>();
    private final String documentBase;
    private XmlNode.@Nullable Element root;
    private String defaultPrefix = "";
    private int nodes;

    /** @param documentBase the address of the document; empty if unknown */
    XmlTreeBuilder(String documentBase) {
        this.documentBase = documentBase;
    }

    /** An element that has not ended, and the namespaces that are in scope in it. */
    private record Open(XmlNode.Element element, Map<String, String> namespaces) {}

    /** The document has more nodes than the limit. */
    static final class TooManyNodesException extends RuntimeException {

        TooManyNodesException() {
            super("it has more than " + MAX_NODES + " elements and attributes", null, false, false);
        }
    }

    /** @param attributes calls its argument with the name and value of each attribute */
    void start(String name, Attributes attributes) {
        count(1);
        var parent = open.peek();
        var raw = new ArrayList<Map.Entry<String, String>>();
        attributes.forEach((key, value) -> raw.add(Map.entry(key, clean(value))));
        count(raw.size());
        var namespaces = namespaces(parent, raw);
        if (name.equalsIgnoreCase("feed") || (root == null && name.equalsIgnoreCase("entry"))) {
            defaultPrefix = "atom";
        }
        var canonical = new HashMap<String, String>();
        for (var attribute : raw) {
            var key = attribute.getKey();
            canonical.putIfAbsent(
                    key.indexOf(':') < 0 ? XmlNames.canonical(key, null, "") : name(key, namespaces),
                    attribute.getValue());
        }
        var inherited = parent == null ? null : parent.element();
        var language = canonical.get("xml:lang");
        var base = inherited == null ? "" : inherited.base();
        var element = new XmlNode.Element(
                name(name, namespaces),
                canonical.isEmpty() ? Map.of() : canonical,
                canonical.containsKey("xml:base") ? ownBase(canonical.get("xml:base"), base) : base,
                language == null || language.isBlank() ? (inherited == null ? null : inherited.language()) : language,
                new ArrayList<>(2));
        if (parent != null) {
            parent.element().content().add(element);
        } else if (root == null) {
            root = element;
        }
        open.push(new Open(element, namespaces));
    }

    void text(String text) {
        var parent = open.peek();
        if (parent == null || text.isEmpty()) {
            return;
        }
        count(1);
        parent.element().content().add(new XmlNode.Text(clean(text)));
    }

    void end() {
        open.pop();
    }

    XmlNode.@Nullable Element root() {
        return root;
    }

    /** Returns the prefixes that the document uses without declaring them. */
    Set<String> undeclared() {
        return undeclared;
    }

    /** The attributes of an element. */
    interface Attributes {
        void forEach(BiConsumer<String, String> attribute);
    }

    private static Map<String, String> namespaces(@Nullable Open parent, List<Map.Entry<String, String>> attributes) {
        var inherited = parent == null ? Map.<String, String>of() : parent.namespaces();
        if (attributes.stream().noneMatch(attribute -> attribute.getKey().startsWith("xmlns"))) {
            return inherited;
        }
        var own = new HashMap<>(inherited);
        for (var attribute : attributes) {
            if (attribute.getKey().equals("xmlns")) {
                own.put("", attribute.getValue());
            } else if (attribute.getKey().startsWith("xmlns:")) {
                own.put(attribute.getKey().substring("xmlns:".length()), attribute.getValue());
            }
        }
        attributes.removeIf(attribute -> attribute.getKey().startsWith("xmlns"));
        return own;
    }

    private String ownBase(@Nullable String base, String inherited) {
        return WebAddress.base(base, inherited.isEmpty() ? documentBase : inherited);
    }

    private String name(String name, Map<String, String> namespaces) {
        var colon = name.indexOf(':');
        var prefix = colon < 0 ? "" : name.substring(0, colon);
        var namespace = namespaces.get(prefix);
        if (namespace == null && colon > 0 && !prefix.equals("xml") && undeclared.size() < 10) {
            undeclared.add(prefix);
        }
        return XmlNames.canonical(name, namespace, defaultPrefix);
    }

    private static String clean(String text) {
        return UNUSUAL.matcher(text)
                .replaceAll(found ->
                        Matcher.quoteReplacement(replacement(found.group().codePointAt(0))));
    }

    /** Replaces unpaired surrogates, and code points of windows-1252, as HTML does. Removes other characters. */
    private static String replacement(int c) {
        if (c >= 0x80 && c <= 0x9F) {
            return new String(new byte[] {(byte) c}, FeedDecoder.WINDOWS_1252);
        }
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? "\uFFFD" : "";
    }

    private void count(int more) {
        nodes += more;
        if (nodes > MAX_NODES) {
            throw new TooManyNodesException();
        }
    }
}
