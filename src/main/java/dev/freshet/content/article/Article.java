package dev.freshet.content.article;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.freshet.log.feedlog.Facets;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.web.util.UriUtils;

/**
 * An article as clients see it. Its JSON is flat: the fields of its content and publication stand beside its own, and
 * null fields are omitted.
 *
 * @param id a UUIDv7
 * @param version counts the changes, from 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Article(
        UUID id,
        @JsonUnwrapped ArticleContent content,
        @JsonUnwrapped Publication publication,
        long version) {

    /** Returns the names of the JSON fields, in their order. */
    public static List<String> fieldNames() {
        return fieldNames(Article.class).toList();
    }

    private static Stream<String> fieldNames(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> !component.getAccessor().isAnnotationPresent(JsonIgnore.class))
                .flatMap(component ->
                        isUnwrapped(component) ? fieldNames(component.getType()) : Stream.of(component.getName()));
    }

    private static boolean isUnwrapped(RecordComponent component) {
        return component.getAccessor().isAnnotationPresent(JsonUnwrapped.class);
    }

    /** Returns the form of pages and streams: without {@code body} and {@code html}. */
    public Article withoutBody() {
        return new Article(id, content.withoutBody(), publication, version);
    }

    /** Returns the path of the HTML page. */
    public String readerPath() {
        var slug = content.slug();
        return "/articles/" + id + (slug.isEmpty() ? "" : "/" + UriUtils.encodePathSegment(slug, UTF_8));
    }

    /** Returns the values that feeds select by. */
    public Facets facets() {
        return new Facets(content.tags(), content.author(), content.source(), content.language());
    }

    /** Returns the status of the publication. */
    public Status status() {
        return publication.status();
    }

    /** Returns the next version. */
    Article next(ArticleContent newContent, Publication newPublication) {
        return new Article(id, newContent, newPublication, version + 1);
    }
}
