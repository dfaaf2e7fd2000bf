package dev.freshet.identity.credential;

import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Revokes credentials before their end. {@link IdentityChanges} reports them to all instances. */
@Component
public class Revocations {

    private final RevocationRepository repository;

    Revocations(RevocationRepository repository) {
        this.repository = repository;
    }

    /** Returns whether a credential is revoked, from the table: also by another instance a moment ago. */
    Mono<Boolean> checkStored(UUID credential) {
        return repository.existsByCredential(credential);
    }

    /**
     * Revokes credentials, in the caller's transaction if there is one. Revoking twice has no effect.
     *
     * @param until their own end, at the latest
     */
    public Mono<Void> revoke(Collection<UUID> credentials, Instant until) {
        return credentials.isEmpty()
                ? Mono.empty()
                : repository.add(credentials.toArray(UUID[]::new), until).then();
    }
}
