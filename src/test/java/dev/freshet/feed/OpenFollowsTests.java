package dev.freshet.feed;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;

/** The selections of followed feeds with open streams. */
class OpenFollowsTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());

    private final OpenFollows follows = INSTANCE.bean(OpenFollows.class);
    private final UUID account = INSTANCE.account("follows " + UUID.randomUUID(), Role.READER);

    @Test
    void streamHasWhatWasFollowedBeforeItOpened() {
        var first = follows.acquire(account);
        try {
            until(first::isRead);
            var revision = first.revision();
            // Without a notification, like one that arrives late.
            follow("perform set_config('session_replication_role', 'replica', true);");
            var second = follows.acquire(account);
            try {
                until(second::isRead);
                assertThat(Objects.requireNonNull(follows.of(account))
                                .followed()
                                .tags())
                        .containsExactly("late");
                assertThat(second.revision()).isNotEqualTo(revision);
            } finally {
                second.release();
            }
        } finally {
            first.release();
        }
        assertThat(follows.of(account)).isNull();
    }

    @Test
    void notificationOfAChangeIsEnough() {
        var hold = follows.acquire(account);
        try {
            until(hold::isRead);
            var revision = hold.revision();
            follow("");
            until(() -> hold.revision() != revision);
            assertThat(Objects.requireNonNull(follows.of(account)).followed().tags())
                    .containsExactly("late");
        } finally {
            hold.release();
        }
    }

    private void follow(String before) {
        get(INSTANCE.bean(DatabaseClient.class)
                .sql("do $$ begin " + before + " insert into following (account, kind, name) values ('" + account
                        + "', 'tag', 'late'); end $$")
                .then()
                .thenReturn(true));
    }
}
