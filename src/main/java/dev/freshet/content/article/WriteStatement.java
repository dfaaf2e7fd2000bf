package dev.freshet.content.article;

import dev.freshet.log.feedlog.ArticleWrite;
import io.r2dbc.postgresql.codec.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Builds the SQL that writes changes of articles in the statement that appends their events. Locks are taken in a fixed
 * order, which prevents deadlocks between statements: idempotency keys or the lease, changed articles, images, names, new
 * articles, and then the clock of the log. Authors are locked before sources.
 */
@Component
class WriteStatement {

    private static final String ITEMS =
            "item as materialized (select * from jsonb_to_recordset(cast($1 as jsonb)) as b(" + ArticleRow.TYPES
                    + ", base bigint, key text, request text, code int, etag text, response text, words text,"
                    + " lease uuid, fence bigint)";

    // A sub-select is evaluated by the index for each row, whatever the statistics of the table are.
    private static final String NEW_URLS = """
             where (select a.id from article a
                where a.owner = b.owner and a.canonical_url = b.canonical_url limit 1) is null""";

    // Waits for concurrent requests with the same key. The article of a repeated request is not wanted.
    private static final String KEYS = """
            , recorded as (
                insert into idempotency (account, key, request, article_id, status, etag, body)
                select owner, key, decode(request, 'hex'), id, code, etag, response from item where key is not null
                order by owner, key
                on conflict (account, key) do nothing
                returning article_id
            ), wanted as materialized (
                select * from item where key is null or id in (select article_id from recorded)
            )""";

    private static final String NO_KEYS = ", wanted as materialized (select * from item)";

    // Waits for a concurrent change of the source, and makes later ones wait.
    private static final String LEASE = """
            , leased as materialized (
                select s.id from polled_source s
                where exists (select from item b where b.lease = s.id and b.fence = s.fence) for share
            ), wanted as materialized (select * from item where lease in (select id from leased))""";

    private static final String LOCKS = """
            , locked as materialized (
                select a.id from article a join wanted b on b.id = a.id and b.base = a.version and b.owner = a.owner
                order by a.id for update of a
            )""";

    // Otherwise, the triggers could wait for the collection of images while the statement holds the clock.
    private static final String IMAGES = """
            , shown as materialized (
                select i.name from image i
                where i.name in (select n from wanted b cross join image_names(b.html) n)
                order by i.name for key share
            )""";

    // Whether all names of an article have their first spelling.
    private static final String SPELLED = """
            , coalesce(w.name, v.name) = b.author and coalesce(s.name, t.name) = b.source
                    and not exists (select from unnest(b.tags) n join tag g on g.key = name_key(n) where g.name <> n)
                    as is_spelled""";

    // Nearly all names exist, and are only read.
    private static final String NAMES = """
            , new_author as (
                insert into author (name) select distinct on (name_key(b.author)) b.author from wanted b
                where AFTER and not exists (select from author w where w.key = name_key(b.author))
                order by name_key(b.author), b.id
                on conflict (key) do update set name = author.name
                returning id, key, name
            ), new_source as (
                insert into source (name) select distinct on (name_key(b.source)) b.source from wanted b
                where (select count(*) from new_author) >= 0
                    and not exists (select from source s where s.key = name_key(b.source))
                order by name_key(b.source), b.id
                on conflict (key) do update set name = source.name
                returning id, key, name
            ), named as materialized (
                select b.*, coalesce(w.id, v.id) as author_id, coalesce(s.id, t.id) as source_idSPELLED
                from wanted b
                left join author w on w.key = name_key(b.author) left join new_author v on v.key = name_key(b.author)
                left join source s on s.key = name_key(b.source) left join new_source t on t.key = name_key(b.source)
            )""";

    private static final String CREATED = ", created as (insert into article (" + ArticleRow.STORED
            + ", search) select " + ArticleRow.VALUES
            + ", coalesce(cast(b.words as tsvector), '') from named b where b.base is nullIS_SPELLED order by b.origin, b.id"
            + " returning id, search, was_search)";

    private static final String UPDATED = ", updated as (update article a set was_search = a.search, "
            + ArticleRow.ASSIGNMENTS
            + ", search = coalesce(cast(b.words as tsvector), a.search) from named b join locked l on l.id = b.id where a.id = b.id"
            + " returning a.id, a.search, a.was_search)";

    private static final String CREATED_ROWS = "select id as article_id, search, was_search from created";
    private static final String UPDATED_ROWS = "select id as article_id, search, was_search from updated";

    private final JsonMapper json;
    private final Map<Parts, String> statements = new ConcurrentHashMap<>();

    WriteStatement(JsonMapper json) {
        this.json = json.rebuild()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
    }

    /**
     * Returns the SQL of changes of different articles.
     *
     * @param lease the condition of all changes; null for none
     */
    ArticleWrite of(List<ArticleChange> changes, @Nullable ImportLease lease) {
        return of(Parts.of(changes, lease != null), changes, lease);
    }

    /**
     * Returns the SQL of new articles. Omits articles whose owner already has their canonical URL.
     *
     * @param checksNames whether it conflicts with names that were first written in another spelling
     */
    ArticleWrite ofNew(List<ArticleChange> creations, boolean checksNames) {
        var hasUrls = creations.stream().anyMatch(WriteStatement::hasUrl);
        return of(Parts.of(creations, false).ofNew(hasUrls, checksNames), creations, null);
    }

    private ArticleWrite of(Parts parts, List<ArticleChange> changes, @Nullable ImportLease lease) {
        var rows = changes.stream().map(change -> WriteRow.of(change, lease)).toList();
        // The driver encodes a string character by character.
        return new ArticleWrite(
                statements.computeIfAbsent(parts, WriteStatement::sql), Json.of(json.writeValueAsBytes(rows)));
    }

    private static boolean hasUrl(ArticleChange change) {
        return change.after().article().content().canonicalUrl() != null;
    }

    /** The parts of the statement that changes need. */
    private record Parts(
            boolean newUrls,
            boolean names,
            boolean creates,
            boolean updates,
            boolean keys,
            boolean images,
            boolean leased) {

        Parts ofNew(boolean checksUrls, boolean checksNames) {
            return new Parts(checksUrls, checksNames, creates, updates, keys, images, leased);
        }

        static Parts of(List<ArticleChange> changes, boolean leased) {
            return new Parts(
                    false,
                    false,
                    changes.stream().anyMatch(change -> change.before() == null),
                    changes.stream().anyMatch(change -> change.before() != null),
                    changes.stream().anyMatch(change -> change.recorded() != null),
                    changes.stream().anyMatch(WriteStatement::showsImages),
                    leased);
        }
    }

    private static String sql(Parts parts) {
        var sql = new StringBuilder(ITEMS)
                .append(parts.newUrls() ? NEW_URLS : "")
                .append(')')
                .append(parts.leased() ? LEASE : parts.keys() ? KEYS : NO_KEYS);
        var after = "true";
        if (parts.updates()) {
            sql.append(LOCKS);
            after = "(select count(*) from locked) >= 0";
        }
        if (parts.images()) {
            sql.append(IMAGES);
            after += " and (select count(*) from shown) >= 0";
        }
        sql.append(NAMES.replace("AFTER", after).replace("SPELLED", parts.names() ? SPELLED : ""))
                .append(parts.creates() ? CREATED.replace("IS_SPELLED", parts.names() ? " and b.is_spelled" : "") : "")
                .append(parts.updates() ? UPDATED : "");
        return sql.append(", changed as materialized (")
                .append(parts.creates() ? CREATED_ROWS : "")
                .append(parts.creates() && parts.updates() ? " union all " : "")
                .append(parts.updates() ? UPDATED_ROWS : "")
                .append(')')
                .toString();
    }

    private static boolean showsImages(ArticleChange change) {
        var html = change.after().article().content().html();
        return html != null && html.contains("/images/");
    }
}
