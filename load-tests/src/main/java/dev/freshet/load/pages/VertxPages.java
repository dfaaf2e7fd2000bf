package dev.freshet.load.pages;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;

/** A peer: pages of all articles by Vert.x, its JSON and its pipelining client of PostgreSQL. */
final class VertxPages {

    private static final int LIMIT = 20;
    private static final String SQL = PageSql.page(PageSql.Filter.ALL, "", "$1", "$2", "$3");

    private VertxPages() {}

    /** @param args the port */
    public static void main(String... args) {
        var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        vertx.deployVerticle(context -> serve(vertx, Integer.parseInt(args[0]))).onFailure(failure -> {
            failure.printStackTrace();
            System.exit(1);
        });
    }

    private static Future<HttpServer> serve(Vertx vertx, int port) {
        var database = PgBuilder.client()
                .with(new PoolOptions().setMaxSize(Database.CONNECTIONS))
                .connectingTo(new PgConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(Integer.parseInt(System.getenv("POSTGRES_PORT")))
                        .setDatabase("freshet")
                        .setUser("freshet")
                        .setPassword(System.getenv("POSTGRES_PASSWORD"))
                        .setCachePreparedStatements(true)
                        .setPipeliningLimit(256))
                .using(vertx)
                .build();
        var query = database.preparedQuery(SQL);
        return vertx.createHttpServer()
                .requestHandler(request -> answer(request, query))
                .listen(port, "127.0.0.1");
    }

    private static void answer(HttpServerRequest request, PreparedQuery<RowSet<Row>> query) {
        var key = PageKey.parse(request.getParam("before"));
        query.execute(Tuple.of(key.time().atOffset(ZoneOffset.UTC), key.id(), LIMIT + 1))
                .onSuccess(rows -> request.response()
                        .putHeader("Content-Type", "application/json")
                        .end(page(rows)))
                .onFailure(failure -> request.response().setStatusCode(500).end());
    }

    private static Buffer page(RowSet<Row> rows) {
        var items = new JsonArray();
        var page = new JsonObject().put("items", items);
        var last = "";
        for (var row : rows) {
            page.put("cursor", "%08x-%d".formatted(row.getLong("epoch"), row.getLong("seq")));
            var id = row.getUUID("id");
            if (id != null && items.size() == LIMIT) {
                page.put("next", Requests.PATH + "?before=" + last);
            } else if (id != null) {
                items.add(article(row));
                last = PageKey.of(row.getOffsetDateTime("published_at").toInstant(), id)
                        .toString();
            }
        }
        return page.toBuffer();
    }

    private static JsonObject article(Row row) {
        var article = new JsonObject()
                .put("id", row.getUUID("id").toString())
                .put("slug", row.getString("slug"))
                .put("title", row.getString("title"))
                .put("summary", row.getString("summary"))
                .put("tags", JsonArray.of((Object[]) row.getArrayOfStrings("tags")))
                .put("author", row.getString("author"))
                .put("source", row.getString("source"))
                .put("language", row.getString("language"))
                .put("status", row.getString("status"))
                .put(
                        "publishedAt",
                        row.getOffsetDateTime("published_at").toInstant().toString())
                .put(
                        "updatedAt",
                        row.getOffsetDateTime("updated_at").toInstant().toString())
                .put("version", row.getLong("version"));
        var canonicalUrl = row.getString("canonical_url");
        return canonicalUrl == null ? article : article.put("canonicalUrl", canonicalUrl);
    }
}
