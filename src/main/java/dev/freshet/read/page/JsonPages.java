package dev.freshet.read.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.freshet.content.article.Article;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.Representation;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Pages as JSON: {@code items}, the {@code cursor} to stream from, and {@code next}, the address of the next older
 * page.
 */
@Component
final class JsonPages implements PageRenderer {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Body(
            List<Article> items, Cursor cursor, @Nullable String next) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Results(
            List<Result> items, Cursor cursor, @Nullable String next) {}

    /** An article that a search found. */
    private record Result(@JsonUnwrapped Article article, Highlights highlights) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Selection(
            List<JsonNode> items, Cursor cursor, @Nullable String next) {}

    private final JsonMapper json;

    JsonPages(JsonMapper json) {
        this.json = json;
    }

    @Override
    public Representation representation() {
        return Representation.JSON;
    }

    @Override
    public byte[] render(PageQuery query, FeedPage page) {
        var next = page.next() == null ? null : query.from(page.next()).address();
        var fields = query.fields();
        var isWhole = fields.equals(Fields.SUMMARY) || fields.equals(Fields.FULL);
        if (isWhole && query.feed().isSearch()) {
            var highlights = Highlights.of(query.feed(), page);
            var results = IntStream.range(0, page.items().size())
                    .mapToObj(i -> new Result(page.items().get(i), highlights.get(i)))
                    .toList();
            return json.writeValueAsBytes(new Results(results, page.cursor(), next));
        }
        return json.writeValueAsBytes(
                isWhole
                        ? new Body(page.items(), page.cursor(), next)
                        : new Selection(
                                page.items().stream()
                                        .map(article -> select(article, fields))
                                        .toList(),
                                page.cursor(),
                                next));
    }

    private JsonNode select(Article article, Fields fields) {
        return json.<ObjectNode>valueToTree(article).retain(fields.names());
    }
}
