package dev.freshet.graphql;

import dev.freshet.content.intake.ImportRequests;
import dev.freshet.platform.problem.Problem;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Imports of documents. */
@Component
final class ImportResource implements GraphQlResource {

    private final ImportRequests imports;
    private final JsonConversion json;

    ImportResource(ImportRequests imports, JsonConversion json) {
        this.imports = imports;
        this.json = json;
    }

    @Override
    public Map<String, DataFetcher<?>> queries() {
        return Map.of();
    }

    @Override
    public Map<String, DataFetcher<?>> mutations() {
        return Map.of("importArticles", this::importArticles);
    }

    private Mono<Map<String, @Nullable Object>> importArticles(DataFetchingEnvironment environment) {
        var caller = Call.of(environment).requireCaller();
        String text = environment.getArgument("text");
        String url = environment.getArgument("url");
        if ((text == null) == (url == null)) {
            throw Problem.INVALID_REQUEST.because("An import has either text or url. Send one of them.");
        }
        var summary = url != null
                ? imports.address(caller, url)
                : imports.text(
                        caller,
                        String.valueOf(text),
                        "LINES".equals(environment.getArgument("format")),
                        environment.getArgument("language"),
                        Arguments.optional(environment, "address", ""));
        return summary.map(json::fields);
    }
}
