package dev.freshet.load.guard;

import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.regex;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Readers of pages: a few feeds and first pages are read most. A third are aggregators, which request only changes
 * since their last request.
 */
final class Reading {

    private static final int FEEDS = 1 + DataSet.TAGS;

    private static final String JSON = "application/json";
    private static final String API = "/api/v1/articles";

    /** The requests, each as often as it is listed here. */
    private static final List<Form> FORMS = List.of(
            new Form(API, "", JSON),
            new Form(API, "", JSON),
            new Form(API, "", JSON),
            new Form(API, "&fields=full", JSON),
            new Form(API, "&limit=100", JSON),
            new Form(API, "&fields=id,title,publishedAt", JSON),
            new Form("/", "", "text/html"),
            new Form(API, "", "application/atom+xml"),
            new Form(API, "", "application/rss+xml"),
            new Form(API, "", "application/feed+json"));

    private record Form(String path, String query, String type) {}

    private final Guarded simulation;
    private final Zipf feeds = new Zipf(FEEDS, 1.0);
    private final Zipf depths = new Zipf(10, 2.0);
    private final Map<String, String> etags = new ConcurrentHashMap<>();

    Reading(Guarded simulation) {
        this.simulation = simulation;
    }

    ChainBuilder page() {
        return exec(session -> choose(simulation.enter(session)))
                .exec(get())
                .asLongAs(session -> session.getInt("left") > 0 && session.contains("next"))
                .on(exec(session -> session.set("url", session.getString("next"))
                                .set("etag", "")
                                .set("left", session.getInt("left") - 1)
                                .remove("next"))
                        .exec(get()));
    }

    private Session choose(Session session) {
        var random = ThreadLocalRandom.current();
        var feed = feeds.next(random);
        var filter = feed == 1 ? "" : "tag=tag" + (feed - 1);
        var form = FORMS.get(random.nextInt(FORMS.size()));
        var url = form.path() + "?" + filter + form.query();
        return session.set("url", url)
                .set("accept", form.type())
                .set("etag", random.nextInt(3) == 0 ? etags.getOrDefault(url + form.type(), "") : "")
                .set("left", form.type().equals(JSON) ? depths.next(random) - 1 : 0);
    }

    private ChainBuilder get() {
        return simulation
                .timed(
                        "page",
                        simulation
                                .request("page")
                                .get("#{url}")
                                .header("Accept", "#{accept}")
                                .header("Accept-Encoding", "gzip")
                                .header("If-None-Match", "#{etag}")
                                .check(
                                        status().in(200, 304),
                                        header("ETag").optional().saveAs("newETag"),
                                        regex("\"next\":\"([^\"]+)\"")
                                                .optional()
                                                .saveAs("next")))
                .exec(session -> {
                    if (session.contains("newETag")) {
                        etags.put(session.getString("url") + session.getString("accept"), session.getString("newETag"));
                    }
                    return session;
                });
    }
}
