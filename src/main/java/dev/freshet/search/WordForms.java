package dev.freshet.search;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lists the lexemes of a word: those under which an article with the word is found, and those that a search for it finds.
 * For use by one thread.
 */
final class WordForms {

    /** The prefix of a word without its accents. */
    static final String PLAIN = "=";
    /** Between the code of a language and a stem. */
    static final String STEM = "~";
    /** The prefix of the stem of any language without its accents. */
    private static final String PLAIN_STEM = "=~";

    private static final Pattern ELISION = Pattern.compile("(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu"
            + "|un|dell|all|nell|dall|sull|coll|quest|quell|bell|sant|gl|tutt|mezz|senz)'(.+)");
    private static final Set<String> CONTRACTIONS = Set.of("ll", "re", "ve", "d", "m");
    private static final Pattern GROUPED_NUMBER = Pattern.compile("[0-9]{1,3}(?:[.,][0-9]{3})+");
    private static final int MIN_BASE_LENGTH = 3;

    private final Map<StemLanguage, StemLanguage.Stemmer> stemmers = new EnumMap<>(StemLanguage.class);
    private final String language;

    /** Creates the forms of words in a search, whose language is unknown. */
    WordForms() {
        this("und");
    }

    /** @param tag the language of an article (BCP 47) */
    WordForms(String tag) {
        this.language = StemLanguage.code(tag);
    }

    /**
     * The spellings of a word.
     *
     * @param stored the spellings in an article
     * @param wanted the spellings that a search wants, of which an article must have one
     * @param base the word whose stem counts
     */
    private record Spellings(List<String> stored, List<String> wanted, String base) {

        static Spellings same(List<String> spellings, String base) {
            return new Spellings(spellings, spellings, base);
        }
    }

    /**
     * Returns the lexemes of a word in an article.
     *
     * @param word a part of a {@link Unit.Compound}
     * @return may contain one twice
     */
    List<String> ofArticle(String word) {
        var spellings = spellings(word);
        var lexemes = new ArrayList<String>();
        for (var spelling : spellings.stored()) {
            lexemes.add(spelling);
            Accents.plain(spelling).forEach(plain -> lexemes.add(PLAIN + plain));
        }
        if (hasStem(spellings.base())) {
            var rules = StemLanguage.of(spellings.base(), language);
            if (rules != null) {
                for (var stem : stemmer(rules).ofArticle(spellings.base())) {
                    lexemes.add(rules.code() + STEM + stem);
                    Accents.plain(stem).forEach(plain -> lexemes.add(PLAIN_STEM + plain));
                }
            }
        }
        return lexemes;
    }

    /** Returns the lexemes that a search for a word finds. The language of a search is unknown. */
    Set<String> ofSearch(String word) {
        var spellings = spellings(word);
        var lexemes = new LinkedHashSet<String>();
        spellings.wanted().forEach(spelling -> lexemes.addAll(ofSpelling(spelling)));
        if (hasStem(spellings.base())) {
            var isPlain = Accents.plain(spellings.base()).isEmpty();
            for (var rules : StemLanguage.ofScript(spellings.base())) {
                for (var stem : stemmer(rules).ofSearch(spellings.base())) {
                    lexemes.add(rules.code() + STEM + stem);
                    if (isPlain) {
                        lexemes.add(PLAIN_STEM + stem);
                    } else if (Accents.isEquivalence(stem)) {
                        for (var plain : Accents.plain(stem)) {
                            lexemes.add(rules.code() + STEM + plain);
                            lexemes.add(PLAIN_STEM + plain);
                        }
                    }
                }
            }
        }
        return lexemes;
    }

    /**
     * Returns the lexemes that a search for one spelling finds. With accents it doesn't find other accents, and without
     * them it finds all.
     */
    static List<String> ofSpelling(String spelling) {
        var plain = Accents.plain(spelling);
        var lexemes = new ArrayList<String>();
        lexemes.add(spelling);
        lexemes.addAll(plain);
        if (plain.isEmpty()) {
            lexemes.add(PLAIN + spelling);
        } else if (Accents.isEquivalence(spelling)) {
            plain.forEach(each -> lexemes.add(PLAIN + each));
        }
        return lexemes;
    }

    private StemLanguage.Stemmer stemmer(StemLanguage language) {
        return stemmers.computeIfAbsent(language, StemLanguage::stemmer);
    }

    private static boolean hasStem(String word) {
        if (word.length() <= 1) {
            return false;
        }
        for (var at = 0; at < word.length(); ) {
            var c = word.codePointAt(at);
            if (!Character.isLetter(c) && c != '\'' && !isMark(c)) {
                return false;
            }
            at += Character.charCount(c);
        }
        return true;
    }

    private static boolean isMark(int c) {
        return Character.getType(c) == Character.NON_SPACING_MARK
                || Character.getType(c) == Character.COMBINING_SPACING_MARK;
    }

    private static Spellings spellings(String word) {
        if (word.indexOf('\'') >= 0) {
            return withApostrophe(word);
        }
        if (word.startsWith(".")) {
            return new Spellings(List.of(word, word.substring(1)), List.of(word), word);
        }
        if (Character.isDigit(word.charAt(0)) && (word.indexOf('.') >= 0 || word.indexOf(',') >= 0)) {
            return number(word);
        }
        return Spellings.same(List.of(word), word);
    }

    private static Spellings number(String word) {
        var decimal = word.replace(',', '.');
        return GROUPED_NUMBER.matcher(word).matches()
                ? Spellings.same(List.of(decimal, decimal.replace(".", "")), word)
                : Spellings.same(List.of(decimal), word);
    }

    private static Spellings withApostrophe(String word) {
        var joined = word.replace("'", "");
        var elision = ELISION.matcher(word);
        if (elision.matches()) {
            var rest = elision.group(1).replace("'", "");
            return new Spellings(List.of(rest, joined), List.of(rest), rest);
        }
        var last = word.lastIndexOf('\'');
        var base = word.substring(0, last).replace("'", "");
        var ending = word.substring(last + 1);
        if (ending.equals("s")) {
            return Spellings.same(List.of(base, joined), base);
        }
        if (CONTRACTIONS.contains(ending)) {
            return new Spellings(List.of(word, base), List.of(word), word);
        }
        if (ending.equals("t") && base.endsWith("n")) {
            return Spellings.same(List.of(word, joined), joined);
        }
        // The endings that Turkish adds to names.
        return base.length() >= MIN_BASE_LENGTH
                ? Spellings.same(List.of(joined, base), base)
                : Spellings.same(List.of(joined), joined);
    }
}
