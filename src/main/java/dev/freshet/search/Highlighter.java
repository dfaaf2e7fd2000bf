package dev.freshet.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Marks the words of a search in texts. A form of a word is marked by the rules by which the search finds it. Remembers the
 * words of its texts, since most of them recur. For use by one thread, for the texts of a page.
 */
public final class Highlighter {

    /** The maximum chars of a text that are searched for the passage. */
    public static final int MAX_TEXT_LENGTH = 1_000;

    private static final int PASSAGE_LENGTH = 240;
    private static final int CONTEXT_LENGTH = 60;

    private final Set<String> lexemes = new HashSet<>();
    private final Set<String> beginnings = new HashSet<>();
    private final Map<String, Words> byLanguage = new HashMap<>();

    public Highlighter(SearchQuery search) {
        search.addWords(lexemes, beginnings);
    }

    /** A part of a text, from its start to before its end. */
    private record Span(int start, int end) {}

    /**
     * Returns a text as HTML, with its words of the search in {@code mark} elements.
     *
     * @param language a BCP 47 tag
     */
    public String title(String text, String language) {
        return html(text, new Span(0, text.length()), marks(text, language));
    }

    /**
     * Returns the passage of a text with the most words of the search as HTML, with these in {@code mark} elements.
     *
     * @param text the words after {@link #MAX_TEXT_LENGTH} chars are ignored
     * @return null if the text has none of the words
     */
    public @Nullable String passage(String text, String language) {
        var beginning = text.substring(0, Math.min(text.length(), MAX_TEXT_LENGTH));
        var marks = marks(beginning, language);
        return marks.isEmpty() ? null : html(beginning, best(beginning, marks), marks);
    }

    /** Returns the part with the most different words. */
    private static Span best(String text, List<Span> marks) {
        var best = marks.getFirst();
        var most = 0;
        for (var first : marks) {
            var words = new HashSet<String>();
            for (var mark : marks) {
                if (mark.start() >= first.start() && mark.end() <= first.start() + PASSAGE_LENGTH - CONTEXT_LENGTH) {
                    words.add(text.substring(mark.start(), mark.end()).toLowerCase(Locale.ROOT));
                }
            }
            if (words.size() > most) {
                most = words.size();
                best = first;
            }
        }
        var start = Math.max(0, best.start() - CONTEXT_LENGTH);
        var end = Math.min(text.length(), Math.max(best.end(), start + PASSAGE_LENGTH));
        return new Span(afterSpace(text, start, best.start()), beforeSpace(text, end, best.end()));
    }

    /** Returns where a passage begins, so that it cuts no word. */
    private static int afterSpace(String text, int from, int to) {
        var space = from == 0 ? -1 : text.indexOf(' ', from);
        if (from == 0 || space < 0 || space >= to) {
            return Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
        }
        return space + 1;
    }

    private static int beforeSpace(String text, int end, int from) {
        if (end == text.length()) {
            return end;
        }
        var space = text.lastIndexOf(' ', end);
        if (space > from) {
            return space;
        }
        return Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end;
    }

    private static String html(String text, Span part, List<Span> marks) {
        var html = new StringBuilder(part.start() == 0 ? "" : "…");
        var at = part.start();
        for (var mark : marks) {
            if (mark.start() >= at && mark.end() <= part.end()) {
                escape(text, at, mark.start(), html);
                html.append("<mark>");
                escape(text, mark.start(), mark.end(), html);
                html.append("</mark>");
                at = mark.end();
            }
        }
        escape(text, at, part.end(), html);
        return html.append(part.end() == text.length() ? "" : "…").toString();
    }

    private static void escape(String text, int start, int end, StringBuilder html) {
        for (var i = start; i < end; i++) {
            switch (text.charAt(i)) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                default -> html.append(text.charAt(i));
            }
        }
    }

    /** Returns the words of the search in a text, in order and without overlaps. */
    private List<Span> marks(String text, String language) {
        var aligned = AlignedText.of(text);
        var finder = new Finder(aligned.normalized(), byLanguage.computeIfAbsent(language, Words::new));
        Splitter.splitWithPlaces(aligned.normalized(), finder::add);
        var marks = new ArrayList<Span>();
        for (var found : finder.spans) {
            var start = aligned.origin(found.start());
            var end = aligned.origin(found.end());
            if (!marks.isEmpty() && start <= marks.getLast().end()) {
                marks.set(
                        marks.size() - 1,
                        new Span(
                                Math.min(start, marks.getLast().start()),
                                Math.max(end, marks.getLast().end())));
            } else if (start < end) {
                marks.add(new Span(start, end));
            }
        }
        return marks;
    }

    private boolean isWanted(Collection<String> forms) {
        return forms.stream()
                .anyMatch(form -> lexemes.contains(form) || beginnings.stream().anyMatch(form::startsWith));
    }

    /** The words of texts in one language, each with whether the search wants it. */
    private final class Words {

        private final WordForms forms;
        private final Map<String, Boolean> wanted = new HashMap<>();

        Words(String language) {
            this.forms = new WordForms(language);
        }

        boolean isWanted(String word) {
            return wanted.computeIfAbsent(word, each -> Highlighter.this.isWanted(forms.ofArticle(each)));
        }
    }

    /** Finds the words of the search in a normalised text. */
    private final class Finder {

        private final List<Span> spans = new ArrayList<>();
        private final String text;
        private final Words words;

        Finder(String text, Words words) {
            this.text = text;
            this.words = words;
        }

        void add(Unit unit, int start, int end) {
            switch (unit) {
                case Unit.Compound compound -> addCompound(compound, start, end);
                case Unit.Run run -> addRun(run, start, end);
            }
        }

        private void addCompound(Unit.Compound compound, int start, int end) {
            if (compound.joined() != null && words.isWanted(compound.joined())) {
                spans.add(new Span(start, end));
                return;
            }
            var at = start;
            for (var part : compound.parts()) {
                var found = text.indexOf(part, at);
                // A word with a mark of abbreviation, or one that was cut, is not in the text as it is.
                var isThere = found >= 0 && found + part.length() <= end;
                var span = isThere ? new Span(found, found + part.length()) : new Span(at, end);
                if (words.isWanted(part)) {
                    spans.add(span);
                }
                at = isThere ? span.end() : at;
            }
        }

        private void addRun(Unit.Run run, int start, int end) {
            var ends = new int[run.characters().size() + 1];
            ends[0] = start;
            for (var i = 0; i < run.characters().size(); i++) {
                var character = run.characters().get(i);
                ends[i + 1] = Math.min(end, Math.max(text.indexOf(character, ends[i]), ends[i]) + character.length());
            }
            var hasWords = !run.words().isEmpty();
            for (var i = 0; i + 1 < ends.length; i++) {
                if (!hasWords && isWanted(List.of(run.characters().get(i)))) {
                    spans.add(new Span(ends[i], ends[i + 1]));
                }
                if (i + 2 < ends.length && isWanted(List.of(Lexeme.neighbours(run.characters(), i, hasWords)))) {
                    spans.add(new Span(ends[i], ends[i + 2]));
                }
            }
            for (var word : run.words()) {
                if (isWanted(List.of(word.text()))) {
                    spans.add(new Span(ends[word.offset()], ends[word.offset() + word.width()]));
                }
            }
        }
    }
}
