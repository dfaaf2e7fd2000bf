package dev.freshet.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.AccountFields;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OidcNameTests {

    @Test
    void candidateNamesAreCutBetweenCharacters() {
        for (var prefix : new String[] {"", "a"}) {
            assertThat(OidcAccounts.names(prefix + "\uD83D\uDC26".repeat(100)).limit(12))
                    .allSatisfy(name -> {
                        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(name))
                                .isTrue();
                        assertThat(name.codePointCount(0, name.length())).isBetween(45, AccountFields.MAX_NAME_LENGTH);
                    });
        }
    }
}
