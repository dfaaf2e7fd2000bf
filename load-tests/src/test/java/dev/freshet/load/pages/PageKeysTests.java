package dev.freshet.load.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PageKeysTests {

    private static final UUID ID = UUID.fromString("019a1b2c-3d4e-7f56-8a9b-0c1d2e3f4a5b");
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901Z");

    @Test
    void keyHas28BytesAndIsReadBack() {
        var key = PageKey.of(TIME, ID);

        assertThat(Base64.getUrlDecoder().decode(key.toString())).hasSize(28);
        assertThat(PageKey.parse(key.toString())).isEqualTo(key);
        assertThat(key.time()).isEqualTo(TIME);
    }

    @Test
    void keyIsWrittenAsInFreshet() {
        assertThat(new PageKey(1, new UUID(2, 3), 1.5f)).hasToString("AAAAAAAAAAEAAAAAAAAAAgAAAAAAAAADP8AAAA");
    }

    @Test
    void keysAreUnique() {
        var keys = new PageKeys(List.of(PageKey.of(TIME, ID), PageKey.of(TIME.plusSeconds(1), new UUID(1, 1))));

        assertThat(Stream.generate(keys::next).limit(1000).distinct()).hasSize(1000);
    }

    @Test
    void articlesAreOneMicrosecondApart() {
        var other = PageKey.of(TIME.plusSeconds(1), new UUID(1, 1));
        var keys = new PageKeys(List.of(PageKey.of(TIME, ID), other));

        assertThat(Stream.generate(keys::next).limit(4))
                .containsExactly(PageKey.of(TIME, ID), other, PageKey.of(TIME.plusNanos(1000), ID), other.plus(1));
    }

    @Test
    void noKeysExistWithoutArticles() {
        assertThatThrownBy(() -> new PageKeys(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
