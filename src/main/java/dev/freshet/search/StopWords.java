package dev.freshet.search;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Words that nearly every article of a language has, in searches without quotation marks. The language of a search is
 * unknown, so a word is missing here if it means something in another language, such as the German "die".
 */
final class StopWords {

    private static final Set<String> WORDS = Stream.of(
                    // English
                    "a an and are as at be been but by for from has have he if in into is it its of on or she that the"
                            + " their them then there these they this to was were which with you your we i",
                    // German
                    "der das dem den des und ein eine einer einem einen eines ist sind nicht von im zu zum zur auf"
                            + " für sich auch aus bei als wie wir ich sie",
                    // French
                    "le la les un une des du et est sont dans sur pour avec par ne pas qui que au aux ce cette ces se il"
                            + " elle nous vous je",
                    // Spanish
                    "el los las unos unas y del en es por con para que como su sus al lo",
                    // Portuguese
                    "o os as um uma e do da dos das no na nos nas em com por que ao à",
                    // Italian
                    "il gli di che è e dei della delle degli nel nella con per sono",
                    // Dutch and the Nordic languages
                    "het een van voor niet och att det som är på og er til av ikke ja että",
                    // Turkish
                    "ve bir bu ile için da de",
                    // Russian
                    "и в во не на я с со как а то все она так его но да ты к у же вы за бы по ее из о он это",
                    // Arabic
                    "في من على إلى أن هذا هذه التي الذي عن مع و أو",
                    // Hebrew
                    "של את על זה הוא היא עם לא כי גם או אל",
                    // Hindi
                    "के का की में है यह और से हैं को पर इस एक ने हो था थे थी")
            .flatMap(words -> Stream.of(words.split(" ")))
            .map(word -> Normalization.of(word, word.length() * 2))
            .collect(Collectors.toUnmodifiableSet());

    private StopWords() {}

    static boolean contains(String word) {
        return WORDS.contains(word);
    }
}
