package dev.freshet.search;

import com.ibm.icu.text.Normalizer2;
import java.lang.Character.UnicodeScript;
import java.util.List;
import java.util.Map;

/** The ways in which writers leave marks and special letters out. */
final class Accents {

    private static final Normalizer2 NFD = Normalizer2.getNFDInstance();

    /** Letters that normalisation doesn't divide. */
    private static final Map<Integer, String> LATIN = Map.ofEntries(
            Map.entry((int) 'ø', "o"),
            Map.entry((int) 'æ', "ae"),
            Map.entry((int) 'œ', "oe"),
            Map.entry((int) 'ł', "l"),
            Map.entry((int) 'đ', "d"),
            Map.entry((int) 'ð', "d"),
            Map.entry((int) 'þ', "th"),
            Map.entry((int) 'ħ', "h"),
            Map.entry((int) 'ı', "i"));

    /** Spellings without umlauts in German and the Nordic languages. */
    private static final Map<Character, String> UMLAUTS = Map.of('ä', "ae", 'ö', "oe", 'ü', "ue", 'ø', "oe", 'å', "aa");

    private static final String ARABIC = "أإآٱىئةؤکی";
    private static final String ARABIC_PLAIN = "اااايي\u0647وكي";

    private Accents() {}

    /** Returns whether the spelling without accents is another spelling of the same word in all texts. */
    static boolean isEquivalence(String word) {
        return !isLatin(word);
    }

    /** Returns the spellings of a word without accents that differ from it; often none. */
    static List<String> plain(String word) {
        if (isAscii(word)) {
            return List.of();
        }
        var plain = switch (UnicodeScript.of(word.codePointAt(0))) {
            case LATIN, GREEK -> withoutMarks(word);
            case CYRILLIC -> word.replace('ё', 'е').replace("\u0301", "").replace("\u0300", "");
            case ARABIC -> arabic(word);
            case DEVANAGARI -> devanagari(word);
            default -> word;
        };
        var umlauts = isLatin(word) ? withoutUmlauts(word) : word;
        if (plain.equals(word) || plain.isEmpty()) {
            return List.of();
        }
        return umlauts.equals(word) || umlauts.equals(plain) ? List.of(plain) : List.of(plain, umlauts);
    }

    private static boolean isLatin(String word) {
        var script = UnicodeScript.of(word.codePointAt(0));
        return script == UnicodeScript.LATIN || script == UnicodeScript.GREEK;
    }

    private static boolean isAscii(String word) {
        for (var i = 0; i < word.length(); i++) {
            if (word.charAt(i) > 0x7F) {
                return false;
            }
        }
        return true;
    }

    private static String withoutMarks(String word) {
        var divided = NFD.normalize(word);
        var plain = new StringBuilder(divided.length());
        divided.codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .forEach(c -> plain.append(LATIN.getOrDefault(c, Character.toString(c))));
        return plain.toString();
    }

    private static String withoutUmlauts(String word) {
        var spelled = new StringBuilder(word.length());
        for (var i = 0; i < word.length(); i++) {
            spelled.append(UMLAUTS.getOrDefault(word.charAt(i), word.substring(i, i + 1)));
        }
        return withoutMarks(spelled.toString());
    }

    private static String arabic(String word) {
        var plain = new StringBuilder(word);
        for (var i = 0; i < plain.length(); i++) {
            var letter = ARABIC.indexOf(plain.charAt(i));
            if (letter >= 0) {
                plain.setCharAt(i, ARABIC_PLAIN.charAt(letter));
            }
        }
        return plain.toString();
    }

    /** Nasals before a consonant, the sign for a nasal vowel, foreign letters, and short for long vowels. */
    private static String devanagari(String word) {
        return word.replace("\u093C", "")
                .replace('\u0901', '\u0902')
                .replaceAll("[\u0919\u091E\u0923\u0928\u092E]\u094D(?=[\u0915-\u0939])", "\u0902")
                .replace('\u0940', '\u093F')
                .replace('\u0942', '\u0941')
                .replace('\u0908', '\u0907')
                .replace('\u090A', '\u0909')
                .replace('\u0949', '\u093E')
                .replace('\u0911', '\u0906');
    }
}
