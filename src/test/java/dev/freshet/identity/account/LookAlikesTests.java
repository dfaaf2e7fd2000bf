package dev.freshet.identity.account;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import dev.freshet.testing.Freshet;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of accounts that readers cannot tell apart. */
class LookAlikesTests {

    private static AccountCreation creation;
    private static Accounts accounts;

    @BeforeAll
    static void start() {
        var instance = Freshet.shared(Map.of());
        creation = instance.bean(AccountCreation.class);
        accounts = instance.bean(Accounts.class);
        get(creation.create("Paul Alike", null, Role.READER, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "paul alike",
                "PAUL ALIKE",
                "P\u0430ul Alike",
                "Pau1 Alike",
                "Ｐaul Alike",
                "Paul\u00a0Alike",
                "Paul\u200b Alike",
                "\u202ePaul Alike"
            })
    void nameThatLooksLikeAnother_isRefused(String name) {
        assertThatThrownBy(() -> creation.create(name, null, Role.READER, null).block(Freshet.TIMEOUT))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem()).isEqualTo(Problem.ACCOUNT_EXISTS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Paula Alike", "Paul Alice", "Pavel Alike", "Павел"})
    void nameThatLooksDifferent_isAccepted(String name) {
        assertThat(get(creation.create(name, null, Role.READER, null)).name()).isEqualTo(name);
    }

    @Test
    void nameOfAnyCase_findsTheAccount() {
        assertThat(get(accounts.findActiveByNameOrEmail("paul ALIKE")).name()).isEqualTo("Paul Alike");
    }
}
