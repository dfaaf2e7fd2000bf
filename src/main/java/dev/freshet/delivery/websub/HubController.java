package dev.freshet.delivery.websub;

import dev.freshet.platform.problem.Problem;
import dev.freshet.read.page.FeedDocuments;
import dev.freshet.read.page.SyndicationSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The hub's endpoint, open to all subscribers. It does not exist unless this server is a hub. */
@RestController
@Tag(name = "Feeds")
class HubController {

    private final Hub hub;
    private final SyndicationSettings syndication;

    HubController(Hub hub, SyndicationSettings syndication) {
        this.hub = hub;
        this.syndication = syndication;
    }

    @PostMapping(path = FeedDocuments.HUB_PATH, consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Subscribe to a feed by WebSub",
            description = "Takes hub.mode, hub.topic, hub.callback, hub.lease_seconds and hub.secret."
                    + " The callback is then asked to confirm.")
    Mono<Void> request(ServerWebExchange exchange) {
        if (!syndication.ownHub()) {
            return Mono.error(() -> Problem.NOT_FOUND.because("This server is not a hub."));
        }
        return exchange.getFormData()
                .flatMap(form -> hub.accept(
                        HubRequest.parse(form),
                        FeedDocuments.origin(exchange.getRequest().getURI())));
    }
}
