package dev.freshet.content.format;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The document type declaration of a feed. It is removed before parsing, so nothing external is read and no entity
 * expands further than its own short text.
 */
record DocumentType(int start, int end, Map<String, String> entities) {

    private static final Pattern DOCTYPE = Pattern.compile(
            "\\A(?:\\s++|<\\?.*?\\?>|<!--.*?-->)*+(<!DOCTYPE[^\\[>]*(?:\\[(.*?)]\\s*)?>)",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final Pattern ENTITY = Pattern.compile("<!ENTITY\\s+(\\S+)\\s+(?:\"([^\"]*)\"|'([^']*)'|([^>]*))");
    private static final Pattern REFERENCE = Pattern.compile("&([\\w.-]{1,200});");
    private static final int MAX_PROLOG = 100_000;
    private static final int MAX_VALUE = 1_000;
    private static final int MAX_EXPANSION = 1_000_000;

    /** Returns the declaration; null if the document has none. Throws a problem if it is dangerous. */
    static @Nullable DocumentType of(String text) {
        var doctype = DOCTYPE.matcher(text.substring(0, Math.min(MAX_PROLOG, text.length())));
        if (!doctype.lookingAt()) {
            return null;
        }
        var entities = new LinkedHashMap<String, String>();
        var entity = ENTITY.matcher(doctype.group(2) == null ? "" : doctype.group(2));
        while (entity.find()) {
            var value = entity.group(2) == null ? entity.group(3) : entity.group(2);
            var isNested =
                    value != null && value.replaceAll("&#x?[0-9a-fA-F]+;", "").contains("&");
            if (value == null
                    || isNested
                    || value.length() > MAX_VALUE
                    || entity.group(1).equals("%")) {
                throw XmlParser.invalid("a DOCTYPE that declares external, nested or long entities is not allowed");
            }
            entities.put(entity.group(1), value);
        }
        return new DocumentType(doctype.start(1), doctype.end(1), entities);
    }

    /** Returns the document without the declaration, with its entities replaced. Line numbers stay the same. */
    String removeFrom(String text) {
        var lines = "\n".repeat((int)
                text.substring(start, end).chars().filter(c -> c == '\n').count());
        var rest = text.substring(0, start) + lines + text.substring(end);
        if (entities.isEmpty()) {
            return rest;
        }
        var growth = new int[1];
        return LenientXml.outsideCdata(
                rest,
                part -> REFERENCE.matcher(part).replaceAll(reference -> {
                    var value = entities.get(reference.group(1));
                    growth[0] += value == null ? 0 : value.length();
                    if (growth[0] > MAX_EXPANSION) {
                        throw XmlParser.invalid("its entities expand to more than " + MAX_EXPANSION + " characters");
                    }
                    return Matcher.quoteReplacement(value == null ? reference.group() : value);
                }));
    }
}
