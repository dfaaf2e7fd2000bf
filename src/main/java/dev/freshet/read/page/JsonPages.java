package dev.freshet.read.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.content.article.Article;
import dev.freshet.log.feedlog.Cursor;
import dev.freshet.platform.http.Representation;
import java.util.List;
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
        return json.writeValueAsBytes(
                fields.equals(Fields.SUMMARY) || fields.equals(Fields.FULL)
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
