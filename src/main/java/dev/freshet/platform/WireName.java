package dev.freshet.platform;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An enum whose constants have a lower-case name outside the program: in JSON, parameters, metrics and tables. */
public interface WireName {

    /** Returns the constant's Java name; every enum has it. */
    String name();

    /** Returns the name in lower case with hyphens, for example {@code json-feed}. */
    default String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the constant that has this wire name; case matters. */
    static <E extends Enum<E> & WireName> Optional<E> parse(Class<E> type, String wireName) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.wireName().equals(wireName))
                .findFirst();
    }
}
