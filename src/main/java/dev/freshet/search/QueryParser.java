package dev.freshet.search;

import dev.freshet.platform.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses searches: words, {@code "a phrase"}, {@code -without}, {@code or}, {@code prefix*} and {@code title:word}. Any
 * other character only separates words. For one use.
 */
final class QueryParser {

    private static final int MAX_LENGTH = 1000;
    private static final int MAX_WORDS = 50;
    private static final int MIN_PREFIX_LENGTH = 3;
    private static final String TITLE = "title:";
    /** Also the quotes of other languages, which keyboards and copied texts contain. */
    private static final String QUOTES = "\"\u201C\u201D\u201E\u201F\u00AB\u00BB\uFF02\u300C\u300D\u300E\u300F";

    private final String text;
    private final WordForms forms = new WordForms();
    private final List<SearchQuery.Branch> branches = new ArrayList<>();
    private List<Term> required = new ArrayList<>();
    private List<Term> excluded = new ArrayList<>();
    private int at;
    private int words;
    private boolean hasStopWord;

    QueryParser(String q) {
        // Before folding, which turns some characters into spaces.
        this.text = q.length() <= MAX_LENGTH ? q : q.substring(0, MAX_LENGTH);
    }

    SearchQuery parse() {
        while (skipSpaces()) {
            if (isOr() && !required.isEmpty()) {
                at += "or".length();
                endBranch();
            } else {
                term();
            }
        }
        endBranch();
        return new SearchQuery(branches);
    }

    private boolean skipSpaces() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at < text.length();
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Returns whether here is an {@code or} that something follows. */
    private boolean isOr() {
        var rest = at + "or".length();
        return text.regionMatches(true, at, "or", 0, "or".length())
                && rest < text.length()
                && isSpace(text.charAt(rest))
                && !text.substring(rest).isBlank();
    }

    private void endBranch() {
        if (required.isEmpty()) {
            throw Problem.INVALID_REQUEST.because(
                    hasStopWord
                            ? "q has only words that are too common to search for. Add another word, or put the words in"
                                    + " quotation marks to find them as a phrase."
                            : excluded.isEmpty()
                                    ? "q has no word to search for. Add one."
                                    : "q only excludes words. Add a word to search for.");
        }
        branches.add(new SearchQuery.Branch(List.copyOf(required), List.copyOf(excluded)));
        required = new ArrayList<>();
        excluded = new ArrayList<>();
        hasStopWord = false;
    }

    private void term() {
        var excludes = text.charAt(at) == '-' && at + 1 < text.length() && isTermStart(text.charAt(at + 1));
        if (excludes) {
            at++;
        }
        var title = text.regionMatches(true, at, TITLE, 0, TITLE.length())
                && at + TITLE.length() < text.length()
                && isTermStart(text.charAt(at + TITLE.length()));
        if (title) {
            at += TITLE.length();
        }
        var isPhrase = isQuote(at);
        var term = isPhrase ? phrase(title) : word(title, !excludes && !title);
        if (term != null) {
            (excludes ? excluded : required).add(term);
        }
    }

    private static boolean isTermStart(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || c == '.' || QUOTES.indexOf(c) >= 0;
    }

    /** Returns whether here is a quotation mark. Between Hebrew letters, it shows an abbreviation. */
    private boolean isQuote(int index) {
        return QUOTES.indexOf(text.charAt(index)) >= 0 && !(isHebrew(index - 1) && isHebrew(index + 1));
    }

    private boolean isHebrew(int index) {
        return index >= 0 && index < text.length() && text.charAt(index) >= '\u05D0' && text.charAt(index) <= '\u05EA';
    }

    private @Nullable Term phrase(boolean title) {
        var start = ++at;
        while (at < text.length() && !isQuote(at)) {
            at++;
        }
        var phrase = text.substring(start, at);
        at = Math.min(at + 1, text.length());
        return term(units(phrase), title);
    }

    private @Nullable Term word(boolean title, boolean mayBeStopWord) {
        var start = at;
        while (at < text.length() && !isSpace(text.charAt(at)) && !isQuote(at)) {
            at++;
        }
        var word = text.substring(start, at);
        var units = units(word);
        if (word.endsWith("*")
                && units.size() == 1
                && units.getFirst() instanceof Unit.Compound compound
                && compound.parts().size() == 1) {
            return prefix(compound.parts().getFirst(), title);
        }
        if (mayBeStopWord && isStopWord(units)) {
            hasStopWord = true;
            return null;
        }
        return term(units, title);
    }

    private static boolean isStopWord(List<Unit> units) {
        return units.size() == 1
                && units.getFirst() instanceof Unit.Compound compound
                && compound.parts().size() == 1
                && StopWords.contains(compound.parts().getFirst());
    }

    private static Term prefix(String word, boolean title) {
        if (word.codePointCount(0, word.length()) < MIN_PREFIX_LENGTH) {
            throw Problem.INVALID_REQUEST.because("The beginning of a word in q must have at least " + MIN_PREFIX_LENGTH
                    + " letters before the *. Add letters.");
        }
        return new Term.Prefix(WordForms.ofSpelling(word), title);
    }

    private List<Unit> units(String part) {
        var units = Splitter.units(Normalization.of(part, MAX_LENGTH));
        for (var unit : units) {
            if (unit instanceof Unit.Compound compound) {
                words += compound.parts().size();
            }
        }
        if (words > MAX_WORDS) {
            throw Problem.INVALID_REQUEST.because("q has more than " + MAX_WORDS + " words. Remove some.");
        }
        return units;
    }

    /** Returns the term of units that follow each other; null for none. */
    private @Nullable Term term(List<Unit> units, boolean title) {
        var slots = new ArrayList<Term.Slot>();
        var offset = 0;
        for (var unit : units) {
            switch (unit) {
                case Unit.Compound compound -> addSlots(compound, offset, slots);
                case Unit.Run run -> addSlots(run, offset, slots);
            }
            offset += unit.width();
        }
        if (slots.isEmpty()) {
            return null;
        }
        var phrase = new Term.Phrase(List.copyOf(slots), title);
        return units.size() == 1 && units.getFirst() instanceof Unit.Compound compound && compound.joined() != null
                ? new Term.AnyOf(List.of(
                        phrase, new Term.Phrase(List.of(Term.Slot.of(0, forms.ofSearch(compound.joined()))), title)))
                : phrase;
    }

    private void addSlots(Unit.Compound compound, int offset, List<Term.Slot> slots) {
        for (var part = 0; part < compound.parts().size(); part++) {
            slots.add(
                    Term.Slot.of(offset + part, forms.ofSearch(compound.parts().get(part))));
        }
    }

    private static void addSlots(Unit.Run run, int offset, List<Term.Slot> slots) {
        var characters = run.characters();
        var isDivided = !run.words().isEmpty() && run.words().stream().allMatch(word -> word.width() > 1);
        if (isDivided || (characters.size() == 1 && !run.words().isEmpty())) {
            run.words().forEach(word -> slots.add(Term.Slot.of(offset + word.offset(), Set.of(word.text()))));
        } else if (characters.size() == 1) {
            slots.add(Term.Slot.of(offset, Set.of(characters.getFirst())));
        } else {
            for (var i = 0; i + 1 < characters.size(); i++) {
                slots.add(Term.Slot.of(
                        offset + i,
                        Set.of(Lexeme.neighbours(characters, i, !run.words().isEmpty()))));
            }
        }
    }
}
