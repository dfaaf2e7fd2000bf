package dev.freshet.content.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A case of {@code feeds/cases.txt}: a name, an input and the values expected of it. Three lines are a case:
 *
 * <pre>
 * HTML in a title is decoded once
 *   rss: &lt;item>&lt;title>Q &amp;amp;amp; A&lt;/title>&lt;/item>
 *   title: Q &amp; A
 * </pre>
 *
 * <p>The input is {@code rss} items, {@code atom} entries or {@code json} items, which are put into a feed; or a whole
 * {@code document}, or a {@code file} beside the cases. In it, {@code \n} is a newline and {@code \xNN} a byte. An
 * expectation is for the first entry, or for the entry whose number stands after its name.
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record FeedCase(String name, byte[] input, List<Expectation> expectations) {

    private static final String RSS = """
            <?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
             xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"
             xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/"
             xmlns:wp="http://wordpress.org/export/1.2/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
             xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><title>Example</title>
            <link>https://blog.example.org/</link><description>d</description>ITEMS</channel></rss>""";
    private static final String ATOM = """
            <?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"
             xmlns:app="http://www.w3.org/2007/app" xmlns:media="http://search.yahoo.com/mrss/"><title>Example</title>
            <id>urn:e</id><updated>2024-05-06T07:08:09Z</updated><link href="https://blog.example.org/"/>ITEMS</feed>""";
    private static final String JSON = """
            {"version":"https://jsonfeed.org/version/1.1","title":"Example","home_page_url":"https://blog.example.org/",
             "items":[ITEMS]}""";

    /** @param entry the number of the entry, from 1 */
    record Expectation(String field, int entry, String value) {}

    static List<FeedCase> all() {
        var cases = new ArrayList<FeedCase>();
        for (var block : new String(resource("cases.txt"), StandardCharsets.UTF_8).split("\\n\\s*\\n", -1)) {
            var lines = block.lines().filter(line -> !line.startsWith("#")).toList();
            if (!lines.isEmpty()) {
                cases.add(parse(lines));
            }
        }
        return cases;
    }

    private static FeedCase parse(List<String> lines) {
        byte @Nullable [] input = null;
        var expectations = new ArrayList<Expectation>();
        for (var line : lines.subList(1, lines.size())) {
            var colon = line.indexOf(':');
            var key = line.substring(0, colon).strip();
            var value = line.substring(colon + 1).strip();
            switch (key) {
                case "rss" -> input = bytes(RSS.replace("ITEMS", value));
                case "atom" -> input = bytes(ATOM.replace("ITEMS", value));
                case "json" -> input = bytes(JSON.replace("ITEMS", value));
                case "document" -> input = bytes(value);
                case "file" -> input = resource(value);
                default -> {
                    var parts = key.split(" ", 2);
                    var entry = parts.length == 2 ? Integer.parseInt(parts[1]) : 1;
                    expectations.add(new Expectation(parts[0], entry, value.replace("\\n", "\n")));
                }
            }
        }
        return new FeedCase(lines.getFirst(), Objects.requireNonNull(input, lines.getFirst()), expectations);
    }

    private static byte[] bytes(String text) {
        var bytes = text.replace("\\n", "\n").getBytes(StandardCharsets.UTF_8);
        var raw = new String(bytes, StandardCharsets.ISO_8859_1);
        var unescaped = java.util.regex.Pattern.compile("\\\\x([0-9a-fA-F]{2})")
                .matcher(raw)
                .replaceAll(code -> java.util.regex.Matcher.quoteReplacement(
                        String.valueOf((char) Integer.parseInt(code.group(1), 16))));
        return unescaped.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] resource(String name) {
        try (var in = Objects.requireNonNull(FeedCase.class.getResourceAsStream("/feeds/" + name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
