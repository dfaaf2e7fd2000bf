package dev.freshet.testing;

import dev.freshet.log.feedlog.ArticleWrite;
import dev.freshet.search.SearchVector;
import io.r2dbc.postgresql.codec.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Writes rows of articles as tests want them, without the rules for articles. */
public final class ArticleRows {

    /** The account that owns the articles; a write creates it. */
    public static final UUID OWNER = UUID.fromString("00000000-0000-7000-8000-000000000001");

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String ITEMS = """
            item as materialized (
                select * from jsonb_to_recordset(cast($1 as jsonb)) as b(id uuid, slug text, title text, summary text,
                    body text, html text, tags text[], author text, source text, language text, status text, owner uuid,
                    published_at timestamptz, version bigint, words text)
            ), wanted as (
                select id as article_id from item
            )""";

    private static final String INSERT = ITEMS + """
            , owner as (
                insert into account (id, name) values ('OWNER', 'log-writer') on conflict do nothing
            ), author_of as (
                insert into author (name) select distinct author from item order by author
                on conflict (key) do update set name = author.name returning id, name
            ), source_of as (
                insert into source (name) select distinct source from item order by source
                on conflict (key) do update set name = source.name returning id, name
            ), changed as (
                insert into article (id, slug, title, summary, body, html, tags, author_id, source_id, language, status,
                    owner, published_at, updated_at, version, search)
                select b.id, b.slug, b.title, b.summary, b.body, b.html, b.tags, w.id, s.id, b.language, b.status,
                    b.owner, b.published_at, b.published_at, b.version,
                    cast(b.words as tsvector)
                from item b join author_of w on w.name = b.author join source_of s on s.name = b.source
                returning id as article_id, search, was_search
            )""".replace("OWNER", OWNER.toString());

    private ArticleRows() {}

    /** Inserts rows that have a value for each column of the article. */
    public static ArticleWrite insert(List<Map<String, Object>> rows) {
        var withWords = rows.stream().map(ArticleRows::withWords).toList();
        return new ArticleWrite(INSERT, Json.of(JSON.writeValueAsString(withWords)));
    }

    private static Map<String, Object> withWords(Map<String, Object> row) {
        var texts = Stream.of("title", "summary", "body", "language")
                .map(column -> (String) Objects.requireNonNull(row.get(column)))
                .toList();
        var withWords = new LinkedHashMap<>(row);
        withWords.put("words", SearchVector.of(texts.get(0), texts.get(1), texts.get(2), texts.get(3)));
        return withWords;
    }

    /** Sets columns of an article, which may be text, numbers or lists of text. */
    public static ArticleWrite update(UUID id, Map<String, Object> columns) {
        var row = new LinkedHashMap<>(columns);
        row.put("id", id);
        var assignments = columns.keySet().stream()
                .map(column -> column + " = b." + column)
                .collect(Collectors.joining(", "));
        var sql = ITEMS + ", changed as (update article a set was_search = a.search, " + assignments
                + " from item b where a.id = b.id returning a.id as article_id, a.search, a.was_search)";
        return new ArticleWrite(sql, Json.of(JSON.writeValueAsString(List.of(row))));
    }
}
