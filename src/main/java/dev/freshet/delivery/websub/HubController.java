package dev.freshet.delivery.websub;

import dev.freshet.read.page.FeedDocuments;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The hub's endpoint, open to all subscribers. */
@RestController
@ConditionalOnProperty("freshet.syndication.own-hub")
@Tag(name = "Feeds")
class HubController {

    private final Hub hub;

    HubController(Hub hub) {
        this.hub = hub;
    }

    @PostMapping(path = FeedDocuments.HUB_PATH, consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Subscribe to a feed by WebSub",
            description = "Takes hub.mode, hub.topic, hub.callback, hub.lease_seconds and hub.secret."
                    + " The callback is then asked to confirm.")
    Mono<Void> request(ServerWebExchange exchange) {
        return exchange.getFormData()
                .flatMap(form -> hub.accept(
                        HubRequest.parse(form),
                        FeedDocuments.origin(exchange.getRequest().getURI())));
    }
}
