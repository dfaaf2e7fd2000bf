package dev.freshet.load.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Generated articles, the same for each run. Words, lengths and numbers of tags follow a blog of 386 posts (Rust's,
 * 2014 to 2025). Authors and tags follow Zipf's law, as they do there: few have most of the articles.
 */
public final class DataSet {

    /** The tags, the most frequent first: {@code tag1} has about every second article. */
    public static final int TAGS = 200;

    private static final int AUTHORS = 500;
    private static final double EXPONENT = 1.1;
    private static final Instant FIRST = Instant.parse("2015-01-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(10 * 365);

    // The 20-quantiles of the distribution in that blog, from minimum to maximum.
    private static final int[] TITLE_WORDS = {2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 5, 5, 5, 6, 6, 7, 7, 8, 12};
    private static final int[] BODY_WORDS = {
        53, 177, 221, 261, 315, 366, 450, 522, 602, 695, 788, 853, 931, 1028, 1119, 1238, 1580, 1908, 2440, 3394, 17754
    };
    // Per hundred articles: the numbers that have no tag, one, two, three.
    private static final int[] TAG_COUNTS = {16, 41, 41, 2};

    /** Longer than all stop words in the list. */
    private static final int MIN_SEARCHED_LENGTH = 8;

    private final TreeMap<Integer, String> words = new TreeMap<>();
    private final List<String> searched;
    private final int total;
    private final Zipf tags = new Zipf(TAGS, EXPONENT);
    private final Zipf authors = new Zipf(AUTHORS, EXPONENT);

    public DataSet() {
        var sum = 0;
        try (var file = Objects.requireNonNull(DataSet.class.getResourceAsStream("words.txt"))) {
            for (var line : new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList()) {
                var blank = line.indexOf(' ');
                words.put(sum, line.substring(0, blank));
                sum += Integer.parseInt(line.substring(blank + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        total = sum;
        searched = words.values().stream()
                .filter(word -> word.length() >= MIN_SEARCHED_LENGTH)
                .toList();
    }

    /** Returns one line of NDJSON per article, by its number; higher numbers are newer. */
    public String line(int number, int count) {
        var random = new SplittableRandom(number);
        var at = FIRST.plus(SPAN.multipliedBy(number).dividedBy(count));
        return """
                {"id":"guard-%d","title":"%s","summary":"%s","body":"%s","author":"author%d","tags":[%s],\
                "publishedAt":"%s","status":"published"}
                """.formatted(
                        number,
                        text(random, length(random, TITLE_WORDS)),
                        text(random, 20),
                        body(random),
                        authors.next(random),
                        String.join(",", tags(random)),
                        at);
    }

    private String body(SplittableRandom random) {
        var left = length(random, BODY_WORDS);
        var paragraphs = new ArrayList<String>();
        while (left > 0) {
            var words = Math.min(left, random.nextInt(20, 120));
            // Escaped, since it is part of a JSON string.
            paragraphs.add((random.nextInt(6) == 0 ? "## " + text(random, 4) + "\\n\\n" : "") + text(random, words));
            left -= words;
        }
        return String.join("\\n\\n", paragraphs);
    }

    /**
     * Returns a body of about a number of characters, escaped as in a JSON string.
     *
     * @param seed equal seeds have equal words
     */
    public String body(int seed, int characters) {
        var random = new SplittableRandom(seed);
        var text = new StringBuilder(text(random, 12));
        while (text.length() < characters) {
            text.append(random.nextInt(5) == 0 ? "\\n\\n" : " ").append(text(random, 12));
        }
        return text.toString();
    }

    private List<String> tags(SplittableRandom random) {
        var chosen = new TreeSet<String>();
        var left = random.nextInt(100);
        var count = 0;
        while (left >= TAG_COUNTS[count]) {
            left -= TAG_COUNTS[count++];
        }
        while (chosen.size() < count) {
            chosen.add("\"tag" + tags.next(random) + "\"");
        }
        return List.copyOf(chosen);
    }

    /** Returns a search for two words, as a value of a query. A search for stop words alone would be refused. */
    public String query(SplittableRandom random) {
        return searched.get(random.nextInt(searched.size())) + "+" + searched.get(random.nextInt(searched.size()));
    }

    private String word(SplittableRandom random) {
        return words.floorEntry(random.nextInt(total)).getValue();
    }

    private String text(SplittableRandom random, int count) {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++) {
            var word = word(random);
            text.append(i == 0 ? Character.toUpperCase(word.charAt(0)) + word.substring(1) : " " + word);
        }
        return text.append('.').toString();
    }

    private static int length(SplittableRandom random, int[] twentieths) {
        var at = random.nextDouble() * (twentieths.length - 1);
        var below = (int) at;
        return (int) (twentieths[below] + (at - below) * (twentieths[below + 1] - twentieths[below]));
    }
}
