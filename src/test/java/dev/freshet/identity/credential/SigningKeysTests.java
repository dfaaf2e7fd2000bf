package dev.freshet.identity.credential;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

class SigningKeysTests {

    private final Freshet instance = Freshet.shared(Map.of());

    @Test
    void newKeySignsOnceAllInstancesKnowIt() {
        var token = instance.token(Role.READER);
        ageKeys("100 days");
        instance.bean(SigningKeys.class).rotate().block(TIMEOUT);

        // An instance that starts now reads both keys.
        List<ECKey> all = get(restarted().all());
        assertThat(all).hasSize(2);
        assertThat(get(restarted().current()).getKeyID())
                .isEqualTo(all.getLast().getKeyID());
        assertThat(instance.get("/api/v1/session", "Authorization", "Bearer " + token)
                        .code())
                .isEqualTo(200);

        ageKeys("1 hour");
        assertThat(get(restarted().current()).getKeyID())
                .isEqualTo(all.getFirst().getKeyID());
    }

    private SigningKeys restarted() {
        return new SigningKeys(instance.bean(SigningKeyRepository.class), instance.bean(AuthSettings.class));
    }

    private void ageKeys(String interval) {
        get(instance.bean(DatabaseClient.class)
                .sql("update signing_key set created_at = created_at - interval '" + interval + "'")
                .fetch()
                .rowsUpdated());
    }

    private static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(TIMEOUT));
    }
}
