package dev.freshet.identity.credential;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.r2dbc.repository.Modifying;
import org.springframework.data.r2dbc.repository.Query;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Mono;

/**
 * Stream tickets in the table of credentials. A repository of its own, because a projection of {@link Credential} would
 * read class files on the event loop.
 */
interface TicketRepository extends Repository<Ticket, UUID> {

    /** Links a ticket to the credential with which it was requested. */
    @Modifying
    @Query("update credential set parent = :parent, parent_ends_at = :endsAt where id = :id")
    Mono<Long> setParent(UUID id, UUID parent, @Nullable Instant endsAt);

    /** Deletes the valid ticket with this digest, and returns it. */
    @Query("""
            delete from credential
            where digest = :digest and kind = 'ticket' and (expires_at is null or expires_at > now())
            returning account, scopes, parent, parent_ends_at""")
    Mono<Ticket> redeem(byte[] digest);
}
