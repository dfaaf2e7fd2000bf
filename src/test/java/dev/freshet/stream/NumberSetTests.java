package dev.freshet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberSetTests {

    @ParameterizedTest
    @ValueSource(ints = {4, 100, 1000, 100_000, Integer.MAX_VALUE})
    void setEqualsThatOfJava(int bound) {
        var random = new Random(bound);
        var numbers = new NumberSet();
        var expected = new TreeSet<Integer>();
        for (var i = 0; i < 3000; i++) {
            var number = random.nextInt(bound);
            // Grows first, and is empty in the end.
            if (random.nextInt(3000) > i) {
                numbers.add(number);
                expected.add(number);
            } else {
                var removed = expected.ceiling(number);
                numbers.remove(removed == null ? number : removed);
                expected.remove(removed == null ? Integer.valueOf(number) : removed);
            }
            assertThat(numbers.isEmpty()).isEqualTo(expected.isEmpty());
            if (i % 50 == 0) {
                assertThat(list(numbers)).isEqualTo(List.copyOf(expected));
            }
        }
        for (var number : expected) {
            numbers.remove(number);
        }
        assertThat(numbers.isEmpty()).isTrue();
        assertThat(list(numbers)).isEmpty();
    }

    private static List<Integer> list(NumberSet numbers) {
        var list = new ArrayList<Integer>();
        numbers.forEach(list::add);
        return list;
    }
}
