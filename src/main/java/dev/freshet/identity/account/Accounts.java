package dev.freshet.identity.account;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The table of accounts. An active account is neither disabled nor closed. The row of a closed account stays, because its
 * articles do.
 */
public interface Accounts extends Repository<Account, UUID> {

    /** Returns the active account with this id. */
    @Query("""
            select id, name, email, role, created_at, disabled_at from account
            where id = :id and left_at is null and disabled_at is null""")
    Mono<Account> findActive(UUID id);

    /** Returns the account with this id, active or disabled. */
    @Query("""
            select id, name, email, role, created_at, disabled_at from account where id = :id and left_at is null""")
    Mono<Account> findActiveOrDisabled(UUID id);

    /** Locks an active account until the end of the transaction, and returns its id. */
    @Query("""
            select id from account where id = :id and left_at is null and disabled_at is null for no key update""")
    Mono<UUID> lockActive(UUID id);

    /** Locks an account until the end of the transaction, and returns its id. */
    @Query("select id from account where id = :id for no key update")
    Mono<UUID> lock(UUID id);

    /**
     * Returns the active account with this name or e-mail address. A name takes precedence, and one in the same spelling
     * above all.
     */
    @Query("""
            select id, name, email, role, created_at, disabled_at from account
            where (name_key(name) = name_key(:login) or lower(email) = lower(:login))
                and left_at is null and disabled_at is null
            order by name = :login desc, name_key(name) = name_key(:login) desc limit 1""")
    Mono<Account> findActiveByNameOrEmail(String login);

    /** Returns active and disabled accounts in the order of their names, from the first name after {@code after}. */
    @Query("""
            select id, name, email, role, created_at, disabled_at from account
            where left_at is null and name > :after order by name limit :limit""")
    Flux<Account> list(String after, int limit);

    /** Returns the oldest account, whatever its state. */
    Mono<Account> findFirstByOrderByCreatedAtAscIdAsc();

    /**
     * Creates an account unless its name, one that looks like it, or its e-mail address is taken.
     *
     * @param role in the form of {@link Role#toString()}
     * @return 1 if the account was created, else 0
     */
    default Mono<Long> create(UUID id, String name, @Nullable String email, String role) {
        return insert(id, name, email, role, LookAlikes.skeleton(name));
    }

    /** Use {@link #create}. */
    @Modifying
    @Query("""
            insert into account (id, name, email, role, skeleton) values (:id, :name, :email, :role, :skeleton)
            on conflict do nothing""")
    Mono<Long> insert(UUID id, String name, @Nullable String email, String role, String skeleton);

    /**
     * Replaces everything that an admin can change. Fails if another account has the e-mail address.
     *
     * @param role in the form of {@link Role#toString()}
     */
    @Modifying
    @Query("""
            update account set role = :role, email = :email,
                disabled_at = case when :disabled then coalesce(disabled_at, now()) end
            where id = :id and left_at is null""")
    Mono<Long> change(UUID id, String role, @Nullable String email, boolean disabled);

    /**
     * Changes the role of an account.
     *
     * @param role in the form of {@link Role#toString()}
     */
    @Modifying
    @Query("update account set role = :role where id = :id")
    Mono<Long> changeRole(UUID id, String role);

    /** Closes an account. Its name stays taken, because articles carry it; its e-mail address is deleted. */
    @Modifying
    @Query("update account set left_at = now(), email = null where id = :id and left_at is null")
    Mono<Long> close(UUID id);

    /**
     * Locks and counts the active admins, so that the last one cannot be removed concurrently. A transaction that also locks
     * another account does so afterwards.
     */
    @Query("""
            with admin as (
                select id from account where role = 'admin' and left_at is null and disabled_at is null
                order by id for update)
            select count(*) from admin""")
    Mono<Long> lockAdmins();

    /**
     * Creates an admin if the table is empty. One of several concurrent callers creates it; the others wait.
     *
     * @return 1 if the account was created, else 0
     */
    default Mono<Long> createFirst(UUID id, String name) {
        return insertFirst(id, name, LookAlikes.skeleton(name));
    }

    /** Use {@link #createFirst}. */
    @Modifying
    @Query("""
            insert into account (id, name, role, skeleton) select :id, :name, 'admin', :skeleton
            where not exists (select from account) on conflict (name) do nothing""")
    Mono<Long> insertFirst(UUID id, String name, String skeleton);

    /** Locks the oldest active account, admins first, and returns its id. */
    @Query("""
            select id from account where left_at is null and disabled_at is null
            order by role = 'admin' desc, created_at, id limit 1 for update""")
    Mono<UUID> lockFirst();
}
