package dev.freshet.content.source;

import reactor.core.publisher.Mono;

/** The parts that all runs of an instance share. */
record PollServices(
        HostRepository hosts,
        PollRepository polls,
        PollResources resources,
        Reports reports,
        SourceCodec codec,
        SourceMeters meters,
        Hubs hubs) {

    SourceSettings settings() {
        return resources.settings();
    }

    /** Polls a source once. */
    Mono<PollOutcome> poll(SourceRow source) {
        return Mono.defer(() -> new Poll(resources, source, codec.state(source), codec.added(source)).run());
    }
}
