package dev.freshet.graphql;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.Attachment;
import dev.freshet.platform.WireName;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of an article by name, which the library reads from a map without a fetcher of ours per field. A view: the
 * value of a field is made when it is read, since a document selects a few of many.
 */
final class ArticleFields extends AbstractMap<String, @Nullable Object> {

    static final TypeReference<Map<String, Object>> TYPE = new TypeReference<>() {};

    private static final Map<String, Function<Article, @Nullable Object>> GETTERS = Map.ofEntries(
            Map.entry("id", Article::id),
            Map.entry("slug", article -> article.content().slug()),
            Map.entry("title", article -> article.content().title()),
            Map.entry("summary", article -> article.content().summary()),
            Map.entry("body", article -> article.content().body()),
            Map.entry("html", article -> article.content().html()),
            Map.entry("tags", article -> article.content().tags()),
            Map.entry("author", article -> article.content().author()),
            Map.entry("source", article -> article.content().source()),
            Map.entry("canonicalUrl", article -> article.content().canonicalUrl()),
            Map.entry("language", article -> article.content().language()),
            Map.entry(
                    "attachments",
                    article -> article.content().attachments().stream()
                            .map(ArticleFields::of)
                            .toList()),
            Map.entry("image", article -> article.content().image()),
            Map.entry("status", article -> name(article.status())),
            Map.entry("publishedAt", article -> article.publication().publishedAt()),
            Map.entry("updatedAt", article -> article.publication().updatedAt()),
            Map.entry("version", Article::version));

    private final Article article;

    private ArticleFields(Article article) {
        this.article = article;
    }

    static Map<String, @Nullable Object> of(Article article) {
        return new ArticleFields(article);
    }

    /** Returns the fields of an article's JSON. */
    static Map<String, Object> of(String article, JsonMapper json) {
        var fields = json.readValue(article, TYPE);
        fields.putIfAbsent("attachments", List.of());
        fields.computeIfPresent(
                "status", (name, status) -> String.valueOf(status).toUpperCase(Locale.ROOT));
        return fields;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        var getter = GETTERS.get(name);
        return getter == null ? null : getter.apply(article);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return GETTERS.containsKey(name);
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
        return GETTERS.entrySet().stream()
                .map(getter -> new SimpleImmutableEntry<String, @Nullable Object>(
                        getter.getKey(), getter.getValue().apply(article)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Map<String, @Nullable Object> of(Attachment attachment) {
        var fields = new HashMap<String, @Nullable Object>();
        fields.put("url", attachment.url());
        fields.put("type", attachment.type());
        fields.put("length", attachment.length());
        fields.put("duration", attachment.duration());
        fields.put("title", attachment.title());
        return fields;
    }

    /** Returns the name of a value of an enum in the schema. */
    static String name(WireName value) {
        return value.name();
    }
}
