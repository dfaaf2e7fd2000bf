package dev.freshet.log.feedlog;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import reactor.core.publisher.Mono;

/** The operators' endpoint: the extent of the log, and the start of a new epoch after a restore. */
@Endpoint(id = "feedlog")
final class FeedLogEndpoint {

    private final FeedLog feedLog;

    FeedLogEndpoint(FeedLog feedLog) {
        this.feedLog = feedLog;
    }

    /** Returns the present extent of the log. */
    @ReadOperation
    Mono<Extent> extent() {
        return feedLog.extent();
    }

    /** Starts a new epoch: all earlier cursors get a reset. */
    @WriteOperation
    Mono<Extent> startEpoch() {
        return feedLog.extent()
                .flatMap(extent -> feedLog.startEpoch(extent.epoch()))
                .then(feedLog.extent());
    }
}
