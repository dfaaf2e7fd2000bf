package dev.freshet.feed;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.platform.http.Representation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Faults of beans end the start, before the first request. */
class FeedEndpointTests {

    private static final FeedSettings SETTINGS = new FeedSettings(20, 20);

    @Test
    void missingRepresentationIsNamed() {
        var some = new LinkedHashSet<>(Representation.OF_FEEDS);
        some.remove(Representation.ATOM);

        assertThatThrownBy(() -> new FeedEndpoint(List.of(new Bean(some)), SETTINGS))
                .hasMessageContaining("atom")
                .hasMessageContaining("PageRenderer")
                .hasMessageNotContaining("rss");
    }

    @Test
    void representationOfTwoBeansIsNamed() {
        var all = new Bean(Set.copyOf(Representation.OF_FEEDS));

        assertThatThrownBy(() -> new FeedEndpoint(List.of(all, new Bean(Set.of(Representation.RSS))), SETTINGS))
                .hasMessageContaining("rss");
    }

    private record Bean(Set<Representation> representations) implements FeedResponder {

        @Override
        public Mono<ServerResponse> respond(ServerRequest request, FeedRequest requested) {
            return Mono.empty();
        }
    }
}
