package dev.freshet.graphql;

import dev.freshet.content.article.Article;
import dev.freshet.content.article.Attachment;
import dev.freshet.platform.WireName;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The fields of articles by name, which the library reads from a map without a fetcher of ours per field. */
final class ArticleFields {

    static final TypeReference<Map<String, Object>> TYPE = new TypeReference<>() {};

    private ArticleFields() {}

    static Map<String, @Nullable Object> of(Article article) {
        var content = article.content();
        var publication = article.publication();
        var fields = new HashMap<String, @Nullable Object>(32);
        fields.put("id", article.id());
        fields.put("slug", content.slug());
        fields.put("title", content.title());
        fields.put("summary", content.summary());
        fields.put("body", content.body());
        fields.put("html", content.html());
        fields.put("tags", content.tags());
        fields.put("author", content.author());
        fields.put("source", content.source());
        fields.put("canonicalUrl", content.canonicalUrl());
        fields.put("language", content.language());
        fields.put(
                "attachments",
                content.attachments().stream().map(ArticleFields::of).toList());
        fields.put("image", content.image());
        fields.put("status", name(article.status()));
        fields.put("publishedAt", publication.publishedAt());
        fields.put("updatedAt", publication.updatedAt());
        fields.put("version", article.version());
        return fields;
    }

    /** Returns the fields of an article's JSON. */
    static Map<String, Object> of(String article, JsonMapper json) {
        var fields = json.readValue(article, TYPE);
        fields.putIfAbsent("attachments", List.of());
        fields.computeIfPresent(
                "status", (name, status) -> String.valueOf(status).toUpperCase(Locale.ROOT));
        return fields;
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
