package dev.freshet.graphql;

import dev.freshet.feed.NameSet;
import dev.freshet.stream.StreamAdministration;
import dev.freshet.stream.StreamAdministration.OpenStream;
import dev.freshet.stream.StreamAdministration.OpenStreams;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The open streams of this instance, for operators. */
@Component
final class StreamResource implements GraphQlResource {

    private final StreamAdministration streams;
    private final JsonConversion json;

    StreamResource(StreamAdministration streams, JsonConversion json) {
        this.streams = streams;
        this.json = json;
    }

    @Override
    public Map<String, DataFetcher<?>> queries() {
        return Map.of("streams", this::streams);
    }

    @Override
    public Map<String, DataFetcher<?>> mutations() {
        return Map.of("closeStream", environment -> {
            var id = Arguments.text(environment, "id");
            return streams.close(id).thenReturn(id);
        });
    }

    private Mono<Map<String, @Nullable Object>> streams(DataFetchingEnvironment environment) {
        String after = environment.getArgument("after");
        return streams.list(after == null ? "0" : after, ListSize.first(environment))
                .map(page -> connection(page, after != null));
    }

    private Map<String, @Nullable Object> connection(OpenStreams page, boolean hasPrevious) {
        var connection = Connections.of(
                page.items().stream().map(this::fields).toList(),
                page.items().stream().map(OpenStream::id).toList(),
                hasPrevious,
                page.next() != null);
        connection.put("count", page.count());
        return connection;
    }

    private Map<String, @Nullable Object> fields(OpenStream stream) {
        var fields = json.fields(stream);
        fields.put("account", stream.principal());
        var feed = stream.feed();
        var excluded = feed.excluded();
        var languages = feed.languages();
        fields.put(
                "feed",
                Filters.fields(
                        Filters.names(feed.tags(), feed.authors(), feed.sources(), languages.any()),
                        excluded.equals(NameSet.NONE) && languages.none().isEmpty()
                                ? null
                                : Filters.names(
                                        excluded.tags(), excluded.authors(), excluded.sources(), languages.none()),
                        feed.q(),
                        feed.isPersonal()));
        return fields;
    }
}
