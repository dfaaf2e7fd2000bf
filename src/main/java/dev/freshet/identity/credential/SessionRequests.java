package dev.freshet.identity.credential;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.identity.account.Caller;
import dev.freshet.platform.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Requests for the sessions of the caller's account, as every API makes them. The caller must have the scope {@code account}.
 * Results fail with the problem to report to the client.
 */
@Component
public final class SessionRequests {

    private final Credentials credentials;

    SessionRequests(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * A session.
     *
     * @param agent the user agent of the client that signed in
     * @param renewedAt time of the last renewal, null for none; a browser's session is renewed on use
     * @param expiresAt its end unless it is renewed before
     * @param current whether this request belongs to it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AccountSession(
            UUID id,
            String agent,
            Instant createdAt,
            @Nullable Instant renewedAt,
            @Nullable Instant expiresAt,
            boolean current) {

        static AccountSession of(Credential session, Caller caller) {
            return new AccountSession(
                    session.id(),
                    session.name(),
                    session.createdAt(),
                    session.usedAt(),
                    session.expiresAt(),
                    session.id().equals(caller.credential()));
        }
    }

    /** Lists the sessions, newest first. */
    public Mono<List<AccountSession>> list(Caller caller) {
        return sessions(caller)
                .map(session -> AccountSession.of(session, caller))
                .collectList();
    }

    /** Ends one session. */
    public Mono<Void> end(Caller caller, UUID id) {
        return sessions(caller)
                .filter(session -> session.id().equals(id))
                .next()
                .switchIfEmpty(
                        Mono.error(() -> Problem.SESSION_NOT_FOUND.because("Your account has no session of this id.")))
                .flatMap(session -> credentials.revoke(List.of(session.id())));
    }

    /** Ends all sessions except the one of this request. Tokens for programs stay valid. */
    public Mono<Void> endOthers(Caller caller) {
        return sessions(caller)
                .map(Credential::id)
                .filter(id -> !id.equals(caller.credential()))
                .collectList()
                .flatMap(credentials::revoke);
    }

    private Flux<Credential> sessions(Caller caller) {
        return credentials.of(caller.account().id(), CredentialType.SESSION, CredentialType.COOKIE);
    }
}
