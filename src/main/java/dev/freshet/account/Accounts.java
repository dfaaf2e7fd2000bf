package dev.freshet.account;

import dev.freshet.problem.Problem;
import java.util.UUID;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.security.oauth2.jwt.Jwt;
import reactor.core.publisher.Mono;

/** The accounts that there are. */
public interface Accounts extends Repository<Account, UUID> {

    /**
     * The account that a checked token speaks for.
     *
     * @return {@link Problem#UNAUTHORIZED} when there is none any more
     */
    default Mono<Account> bearer(Jwt token) {
        return findById(UUID.fromString(token.getSubject()))
                .switchIfEmpty(Mono.error(() -> Problem.UNAUTHORIZED.because("The account of this token is no more.")));
    }

    /** The account of this id; empty when there is none. */
    Mono<Account> findById(UUID id);

    /** The account of this name; empty when there is none. */
    Mono<Account> findByName(String name);

    /** The account that was created first; empty when there is none at all. */
    Mono<Account> findFirstByOrderByCreatedAtAscIdAsc();

    /**
     * Creates an account unless its name is taken.
     *
     * @return 1 when it was created, else 0
     */
    @Modifying
    @Query("insert into account (id, name) values (:id, :name) on conflict (name) do nothing")
    Mono<Long> create(UUID id, String name);

    /**
     * Creates an account unless there is any. Of several callers at once, one creates it; the others wait for that.
     *
     * @return 1 when it was created, else 0
     */
    @Modifying
    @Query("""
            insert into account (id, name) select :id, :name where not exists (select from account)
            on conflict (name) do nothing""")
    Mono<Long> createFirst(UUID id, String name);
}
