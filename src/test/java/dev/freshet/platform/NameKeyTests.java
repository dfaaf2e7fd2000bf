package dev.freshet.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.r2dbc.core.DatabaseClient;

/** The keys of names, and that the database computes the same. */
class NameKeyTests {

    private static final int RANDOM_NAMES = 5_000;

    @ParameterizedTest
    @CsvSource({
        "Ann Ward, ann ward",
        "cafe\u0301, café",
        "STRASSE, straße",
        "ΟΔΟΣ, οδος",
        "ΟΔΟΣ, οδοσ",
        "ПРИВЕТ, привет",
        "İ, i̇",
        "ﬁsh, FISH",
        "한, \u1112\u1161\u11ab"
    })
    void namesThatDifferInCaseOrComposition_areTheSame(String name, String other) {
        assertThat(NameKey.isSame(name, other)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"ı, i", "café, cafe", "й, и", "ａ, a", "²,2", "が, か"})
    void otherNames_differ(String name, String other) {
        assertThat(NameKey.isSame(name, other)).isFalse();
    }

    @Test
    void keyOfAKey_isTheKey() {
        assertThat(names().stream()
                        .map(NameKey::of)
                        .filter(key -> !NameKey.of(key).equals(key)))
                .isEmpty();
    }

    @Test
    void databaseComputesTheSameKey() {
        var client = Freshet.shared(Map.of()).bean(DatabaseClient.class);
        var names = names();
        var keys = Freshet.get(client.sql("select name_key(name) from unnest(:names) with ordinality as n (name, place)"
                        + " order by place")
                .bind("names", names.toArray(String[]::new))
                .mapValue(String.class)
                .all()
                .collectList());

        assertThat(IntStream.range(0, names.size())
                        .filter(i -> !keys.get(i).equals(NameKey.of(names.get(i))))
                        .mapToObj(names::get))
                .isEmpty();
    }

    /** Returns nearly every character, and random sequences of those that case folding or composition changes. */
    private static List<String> names() {
        var all = IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                .filter(c -> Character.isDefined(c) && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE))
                // Thousands of ideographs and private characters behave alike.
                .filter(c -> Character.getType(c) != Character.PRIVATE_USE)
                .filter(c -> !Character.isIdeographic(c) || c % 100 == 0)
                .mapToObj(Character::toString)
                .toList();
        var changing = all.stream()
                .filter(name -> !NameKey.of(name).equals(name)
                        || Character.getType(name.codePointAt(0)) == Character.NON_SPACING_MARK)
                .toList();
        var random = new Random(20_261_128);
        var names = new ArrayList<>(all);
        for (var i = 0; i < RANDOM_NAMES; i++) {
            var name = new StringBuilder();
            for (var length = 1 + random.nextInt(5); length > 0; length--) {
                name.append(changing.get(random.nextInt(changing.size())));
            }
            names.add(name.toString());
        }
        return names;
    }
}
