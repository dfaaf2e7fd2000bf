package dev.freshet.log.feedlog;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import reactor.core.publisher.Mono;

/** For operators: how far the log reaches, and the start of a new epoch after a restore to an earlier state. */
@Endpoint(id = "feedlog")
final class FeedLogEndpoint {

    private final FeedLog feedLog;

    FeedLogEndpoint(FeedLog feedLog) {
        this.feedLog = feedLog;
    }

    /** How far the log reaches now. */
    @ReadOperation
    Mono<Extent> extent() {
        return feedLog.extent();
    }

    /** Starts a new epoch: all cursors given out before are answered with a reset. */
    @WriteOperation
    Mono<Extent> startEpoch() {
        return feedLog.extent()
                .flatMap(extent -> feedLog.startEpoch(extent.epoch()))
                .then(feedLog.extent());
    }
}
