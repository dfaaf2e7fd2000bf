package dev.freshet.identity.account;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The accounts that there are. */
public interface Accounts extends Repository<Account, UUID> {

    /** The account of this id; empty when there is none, it is disabled, or who had it has left. */
    @Query("""
            select id, name, email, role, created_at, disabled_at from account
            where id = :id and left_at is null and disabled_at is null""")
    Mono<Account> findById(UUID id);

    /** The account of this id, also when it is disabled; empty when there is none, or who had it has left. */
    @Query("""
            select id, name, email, role, created_at, disabled_at from account where id = :id and left_at is null""")
    Mono<Account> findEvenDisabled(UUID id);

    /** The account of this name or e-mail address; empty when there is none, it is disabled, or who had it has left. */
    @Query("""
            select id, name, email, role, created_at, disabled_at from account
            where (name = :who or lower(email) = lower(:who)) and left_at is null and disabled_at is null
            order by name = :who desc limit 1""")
    Mono<Account> find(String who);

    /** Those who have not left, the disabled among them, by name, after a name. */
    @Query("""
            select id, name, email, role, created_at, disabled_at from account
            where left_at is null and name > :after order by name limit :limit""")
    Flux<Account> list(String after, int limit);

    /** The account that was created first; empty when there is none at all. */
    Mono<Account> findFirstByOrderByCreatedAtAscIdAsc();

    /**
     * Creates an account unless its name or e-mail address is taken.
     *
     * @param role as {@link Role#toString()} gives it
     * @return 1 when it was created, else 0
     */
    @Modifying
    @Query("insert into account (id, name, email, role) values (:id, :name, :email, :role) on conflict do nothing")
    Mono<Long> create(UUID id, String name, @Nullable String email, String role);

    /**
     * Changes all of an account that an admin may.
     *
     * @param role as {@link Role#toString()} gives it
     * @return fails where the e-mail address is somebody else's
     */
    @Modifying
    @Query("""
            update account set role = :role, email = :email,
                disabled_at = case when :disabled then coalesce(disabled_at, now()) end
            where id = :id and left_at is null""")
    Mono<Long> change(UUID id, String role, @Nullable String email, boolean disabled);

    /** Notes that somebody has left: the name stays taken, for articles carry it; the e-mail address is forgotten. */
    @Modifying
    @Query("update account set left_at = now(), email = null where id = :id and left_at is null")
    Mono<Long> leave(UUID id);

    /** How many admins there are who may act, locked until the end of the transaction, so that the last one stays. */
    @Query("""
            with admin as (
                select id from account where role = 'admin' and left_at is null and disabled_at is null for update)
            select count(*) from admin""")
    Mono<Long> lockAdmins();

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
