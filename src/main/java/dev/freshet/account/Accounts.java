package dev.freshet.account;

import java.util.UUID;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Mono;

/** The accounts that there are. */
public interface Accounts extends Repository<Account, UUID> {

    /** The account of this id; empty when there is none. */
    Mono<Account> findById(UUID id);

    /** The account of this name; empty when there is none. */
    Mono<Account> findByName(String name);

    /** The account that was created first; empty when there is none at all. */
    Mono<Account> findFirstByOrderByCreatedAtAscIdAsc();

    /**
     * Creates an account unless its name is taken.
     *
     * @param role as {@link Role#toString()} gives it
     * @return 1 when it was created, else 0
     */
    @Modifying
    @Query("insert into account (id, name, role) values (:id, :name, :role) on conflict (name) do nothing")
    Mono<Long> create(UUID id, String name, String role);

    /**
     * Creates an account that looks after the rest, unless there is any. Of several callers at once, one creates it; the others wait for that.
     *
     * @return 1 when it was created, else 0
     */
    @Modifying
    @Query("""
            insert into account (id, name, role) select :id, :name, 'admin' where not exists (select from account)
            on conflict (name) do nothing""")
    Mono<Long> createFirst(UUID id, String name);
}
