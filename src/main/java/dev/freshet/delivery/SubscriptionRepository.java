package dev.freshet.delivery;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The owners' statements on the table of subscriptions. {@link ClaimRepository} has those of deliveries. */
interface SubscriptionRepository extends Repository<SubscriptionRow, UUID> {

    /** Counts the subscriptions of an account. */
    @Query("select count(*) from subscription where account = :account")
    Mono<Long> count(UUID account);

    /** Adds a subscription that has not been verified. */
    @Query("""
            insert into subscription (id, account, name, feed, type, target, secrets, content, batch, state, epoch, seq)
            values (:id, :account, :name, :feed, :type, :target, :secrets, :content, :batch, 'unverified', :epoch, :seq)
            returning *""")
    Mono<SubscriptionRow> add(
            UUID id,
            UUID account,
            String name,
            String feed,
            String type,
            String target,
            @Nullable String secrets,
            boolean content,
            int batch,
            long epoch,
            long seq);

    @Query("select * from subscription where id = :id")
    Mono<SubscriptionRow> find(UUID id);

    /** Locks a subscription until the end of the transaction, and returns it. */
    @Query("select * from subscription where id = :id for no key update")
    Mono<SubscriptionRow> lock(UUID id);

    /**
     * Returns subscriptions, newest first.
     *
     * @param account null for those of all accounts
     * @param before the id before which to begin
     */
    @Query("""
            select * from subscription where (cast(:account as uuid) is null or account = :account) and id < :before
            order by id desc limit :limit""")
    Flux<SubscriptionRow> list(@Nullable UUID account, UUID before, int limit);

    /**
     * Replaces everything that an owner can change, and ends the present claim. Attempts start again at once.
     *
     * @param resumed whether to forget former failures
     */
    @Query("""
            update subscription set name = :name, feed = :feed, target = :target, content = :content, batch = :batch,
                state = :state, verified = :verified, epoch = :epoch, seq = :seq, fence = fence + 1,
                lease_until = null, due_at = case when :resumed then now() else due_at end,
                failures = case when :resumed then 0 else failures end,
                refusals = case when :resumed then 0 else refusals end,
                failing_since = case when :resumed then null else failing_since end
            where id = :id returning *""")
    Mono<SubscriptionRow> change(
            UUID id,
            String name,
            String feed,
            String target,
            boolean content,
            int batch,
            String state,
            boolean verified,
            long epoch,
            long seq,
            boolean resumed);

    /** Replaces the secrets; attempts in progress use the former ones. */
    @Query("update subscription set secrets = :secrets where id = :id returning *")
    Mono<SubscriptionRow> replaceSecrets(UUID id, String secrets);

    @Query("delete from subscription where id = :id returning *")
    Mono<SubscriptionRow> remove(UUID id);
}
