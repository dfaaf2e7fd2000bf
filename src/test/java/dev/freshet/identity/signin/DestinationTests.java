package dev.freshet.identity.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTests {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/?tag=c%2B%2B&limit=5", "/articles/a-b_c~d#comments", "/a:b@c", "/?q=(a)*'!$;,"})
    void pathOnThisServerIsADestination(String path) {
        assertThat(Destination.of(path)).isEqualTo(path);
        assertThat(URI.create(path).getHost()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "//e.example",
                "/\\e.example",
                "https://e.example",
                "/{",
                "/}",
                "/<",
                "/\"",
                "/^",
                "/`",
                "/|",
                "/%",
                "/%zz",
                "/[",
                "/#a#b",
                "/é",
                "/a b",
                "/a\nb"
            })
    void otherTextIsNoDestination(String text) {
        assertThat(Destination.of(text)).isEqualTo("/");
    }

    /** Each character that a client can send either gives a valid URI or no destination. */
    @Test
    void everyDestinationIsAValidUri() {
        for (var c = (char) 1; c < 300; c++) {
            for (var path : new String[] {"/" + c, "/?" + c, "/#" + c, "/%" + c, "/%4" + c}) {
                assertThat(URI.create(Destination.of(path)).getAuthority()).isNull();
            }
        }
    }
}
