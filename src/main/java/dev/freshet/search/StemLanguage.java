package dev.freshet.search;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tartarus.snowball.SnowballStemmer;
import org.tartarus.snowball.ext.ArabicStemmer;
import org.tartarus.snowball.ext.ArmenianStemmer;
import org.tartarus.snowball.ext.BasqueStemmer;
import org.tartarus.snowball.ext.CatalanStemmer;
import org.tartarus.snowball.ext.DanishStemmer;
import org.tartarus.snowball.ext.DutchStemmer;
import org.tartarus.snowball.ext.EnglishStemmer;
import org.tartarus.snowball.ext.EstonianStemmer;
import org.tartarus.snowball.ext.FinnishStemmer;
import org.tartarus.snowball.ext.FrenchStemmer;
import org.tartarus.snowball.ext.GermanStemmer;
import org.tartarus.snowball.ext.GreekStemmer;
import org.tartarus.snowball.ext.HindiStemmer;
import org.tartarus.snowball.ext.HungarianStemmer;
import org.tartarus.snowball.ext.IndonesianStemmer;
import org.tartarus.snowball.ext.IrishStemmer;
import org.tartarus.snowball.ext.ItalianStemmer;
import org.tartarus.snowball.ext.LithuanianStemmer;
import org.tartarus.snowball.ext.NorwegianStemmer;
import org.tartarus.snowball.ext.PortugueseStemmer;
import org.tartarus.snowball.ext.RomanianStemmer;
import org.tartarus.snowball.ext.RussianStemmer;
import org.tartarus.snowball.ext.SpanishStemmer;
import org.tartarus.snowball.ext.SwedishStemmer;
import org.tartarus.snowball.ext.TamilStemmer;
import org.tartarus.snowball.ext.TurkishStemmer;

/** The languages whose words are searched in all their forms. */
enum StemLanguage {
    ENGLISH("en", UnicodeScript.LATIN, () -> new Snowball(new EnglishStemmer())),
    GERMAN("de", UnicodeScript.LATIN, () -> new Snowball(new GermanStemmer())),
    FRENCH("fr", UnicodeScript.LATIN, () -> new Snowball(new FrenchStemmer())),
    SPANISH("es", UnicodeScript.LATIN, () -> new Snowball(new SpanishStemmer()).repeated()),
    PORTUGUESE(
            "pt",
            UnicodeScript.LATIN,
            () -> new Snowball(new PortugueseStemmer()).repeated().after(StemLanguage::singular)),
    ITALIAN("it", UnicodeScript.LATIN, () -> new Snowball(new ItalianStemmer())),
    DUTCH("nl", UnicodeScript.LATIN, () -> new Snowball(new DutchStemmer())),
    SWEDISH("sv", UnicodeScript.LATIN, () -> new Snowball(new SwedishStemmer())),
    DANISH("da", UnicodeScript.LATIN, () -> new Snowball(new DanishStemmer())),
    NORWEGIAN("no", UnicodeScript.LATIN, () -> new Snowball(new NorwegianStemmer())),
    FINNISH("fi", UnicodeScript.LATIN, () -> new Snowball(new FinnishStemmer())),
    ESTONIAN("et", UnicodeScript.LATIN, () -> new Snowball(new EstonianStemmer())),
    LITHUANIAN("lt", UnicodeScript.LATIN, () -> new Snowball(new LithuanianStemmer())),
    HUNGARIAN("hu", UnicodeScript.LATIN, () -> new Snowball(new HungarianStemmer())),
    ROMANIAN("ro", UnicodeScript.LATIN, () -> new Snowball(new RomanianStemmer())),
    TURKISH("tr", UnicodeScript.LATIN, () -> new Snowball(new TurkishStemmer()).repeated()),
    CATALAN("ca", UnicodeScript.LATIN, () -> new Snowball(new CatalanStemmer())),
    BASQUE("eu", UnicodeScript.LATIN, () -> new Snowball(new BasqueStemmer())),
    IRISH("ga", UnicodeScript.LATIN, () -> new Snowball(new IrishStemmer())),
    INDONESIAN("id", UnicodeScript.LATIN, () -> new Snowball(new IndonesianStemmer())),
    RUSSIAN("ru", UnicodeScript.CYRILLIC, () -> new Snowball(new RussianStemmer())),
    GREEK("el", UnicodeScript.GREEK, () -> new Snowball(new GreekStemmer())),
    ARABIC(
            "ar",
            UnicodeScript.ARABIC,
            () -> new Snowball(new ArabicStemmer()).repeated().after(StemLanguage::withoutAnd)),
    HEBREW("he", UnicodeScript.HEBREW, HebrewStemmer::new),
    HINDI("hi", UnicodeScript.DEVANAGARI, () -> new Snowball(new HindiStemmer())),
    TAMIL("ta", UnicodeScript.TAMIL, () -> new Snowball(new TamilStemmer())),
    ARMENIAN("hy", UnicodeScript.ARMENIAN, () -> new Snowball(new ArmenianStemmer()));

    private static final int MIN_ARABIC_LENGTH = 5;
    private static final Map<String, String> PORTUGUESE_PLURALS =
            Map.of("ões", "ão", "ães", "ão", "ais", "al", "éis", "el", "óis", "ol");

    private final String code;
    private final UnicodeScript script;
    // Creates stemmers, and has no state.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Supplier<Stemmer> stemmers;

    /** Lists the stems of words. Not thread-safe. */
    interface Stemmer {

        /** Returns the stems under which an article is found that has this word. */
        List<String> ofArticle(String word);

        /** Returns the stems that a search for this word finds. */
        List<String> ofSearch(String word);
    }

    StemLanguage(String code, UnicodeScript script, Supplier<Stemmer> stemmers) {
        this.code = code;
        this.script = script;
        this.stemmers = stemmers;
    }

    String code() {
        return code;
    }

    Stemmer stemmer() {
        return stemmers.get();
    }

    /** Returns the languages of the script of a word; empty for other scripts. */
    static List<StemLanguage> ofScript(String word) {
        return Scripts.LANGUAGES.getOrDefault(UnicodeScript.of(word.codePointAt(0)), List.of());
    }

    /**
     * Returns the language whose rules apply to a word: that of its article. A language without rules gets those of the
     * script, if only one language has the script.
     *
     * @param code the language of the article by {@link #code(String)}
     */
    static @Nullable StemLanguage of(String word, String code) {
        var languages = ofScript(word);
        for (var language : languages) {
            if (language.code.equals(code)) {
                return language;
            }
        }
        return languages.size() == 1 ? languages.getFirst() : null;
    }

    /**
     * Returns the code of the only language whose articles have a lexeme; empty for words as they are written, and for stems
     * of a script that has one language.
     */
    static Optional<String> ofStem(String lexeme) {
        var end = lexeme.indexOf(WordForms.STEM);
        return Optional.of(lexeme.substring(0, Math.max(end, 0))).filter(Scripts.SHARED::contains);
    }

    /** Returns the code of a language tag (BCP 47), as the languages here have it. */
    static String code(String tag) {
        var code = tag.toLowerCase(Locale.ROOT).split("[-_]", 2)[0];
        return code.equals("nb") || code.equals("nn") ? NORWEGIAN.code : code;
    }

    /** Loaded after the constants. */
    private static final class Scripts {

        static final Map<UnicodeScript, List<StemLanguage>> LANGUAGES =
                Arrays.stream(values()).collect(Collectors.groupingBy(language -> language.script));

        /** The codes of the languages that are not the only one of their script. */
        static final Set<String> SHARED = LANGUAGES.values().stream()
                .filter(languages -> languages.size() > 1)
                .flatMap(List::stream)
                .map(StemLanguage::code)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The plurals of Portuguese that Snowball lacks. */
    private static String singular(String word) {
        for (var plural : PORTUGUESE_PLURALS.entrySet()) {
            if (word.endsWith(plural.getKey())
                    && word.length() > plural.getKey().length() + 1) {
                return word.substring(0, word.length() - plural.getKey().length()) + plural.getValue();
            }
        }
        return word;
    }

    /** Removes an Arabic "and" before the article "the", which Snowball only removes alone. */
    private static String withoutAnd(String word) {
        return (word.startsWith("وال") || word.startsWith("فال")) && word.length() > MIN_ARABIC_LENGTH
                ? word.substring(1)
                : word;
    }

    /** The rules of a language by Snowball, the same for articles and searches. */
    private static final class Snowball implements Stemmer {

        private static final int MAX_REPETITIONS = 4;

        private final SnowballStemmer snowball;
        private UnaryOperator<String> before = UnaryOperator.identity();
        private int repetitions = 1;

        Snowball(SnowballStemmer snowball) {
            this.snowball = snowball;
        }

        /** Stems stems again, since the stem of a plural is often the singular rather than its stem. */
        Snowball repeated() {
            repetitions = MAX_REPETITIONS;
            return this;
        }

        /** Applies a rule first. */
        Snowball after(UnaryOperator<String> rule) {
            before = rule;
            return this;
        }

        @Override
        public List<String> ofArticle(String word) {
            var stem = before.apply(word);
            for (var repetition = 0; repetition < repetitions; repetition++) {
                snowball.setCurrent(stem);
                snowball.stem();
                var next = snowball.getCurrent();
                if (next.equals(stem) || next.isEmpty()) {
                    break;
                }
                stem = next;
            }
            return List.of(stem);
        }

        @Override
        public List<String> ofSearch(String word) {
            return ofArticle(word);
        }
    }
}
