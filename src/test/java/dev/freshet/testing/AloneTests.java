package dev.freshet.testing;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Runs the classes marked {@link Alone} one after the other in a second JVM, beside the tests of this one. */
@Order(0)
@Timeout(900)
class AloneTests {

    @TestFactory
    Stream<DynamicContainer> classesPassInTheirOwnJvm() throws Exception {
        var results = SecondJvm.run();
        assertThat(results).isNotEmpty();
        return results.stream()
                .collect(groupingBy(SecondJvm.Result::type, LinkedHashMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(each -> DynamicContainer.dynamicContainer(
                        each.getKey(),
                        each.getValue().stream()
                                .map(result -> DynamicTest.dynamicTest(
                                        result.test(),
                                        () -> assertThat(result.failure())
                                                .as("%s, %s", result.type(), result.test())
                                                .isEmpty()))));
    }
}
