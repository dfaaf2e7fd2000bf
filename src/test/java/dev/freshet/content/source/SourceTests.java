package dev.freshet.content.source;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.content.article.ImportLease;
import dev.freshet.content.article.StrictJson;
import dev.freshet.content.format.DocumentSource;
import dev.freshet.content.format.FeedDocument;
import dev.freshet.content.intake.Import;
import dev.freshet.content.intake.Importer;
import dev.freshet.content.source.Site.Reply;
import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sources as their owners see them, with sites on real sockets. */
@Order(1)
class SourceTests {

    static final Map<String, String> SETTINGS = Map.of(
            "freshet.fetch.allow", "127.0.0.0/8",
            "freshet.sources.max-per-account", "4",
            "freshet.sources.failing-after", "2",
            "freshet.sources.request.max-size", "200KB",
            "freshet.sources.request.max-entries", "30");

    private static Freshet instance;

    private final Site site = new Site();
    private final String tag = "source-" + UUID.randomUUID();
    private final String tagged = ",\"tags\":[\"" + tag + "\"]";
    private Publisher owner;

    @BeforeAll
    static void start() {
        instance = Freshet.shared(SETTINGS);
    }

    @BeforeEach
    void signIn() {
        owner = new Publisher(instance, Role.AUTHOR);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void entriesBecomeArticlesOfTheOwner() {
        var url = site.page("/feed", 200, Site.atom("1=One", "2=Two"), "Content-Type", "text/plain");
        var source = owner.addAndPoll(url, tagged + ",\"author\":\"Ada\",\"name\":\"Site\"", 1);

        assertThat(owner.titles(tag)).containsExactlyInAnyOrder("One", "Two");
        var article = owner.articles(tag).getFirst();
        assertThat(article.path("author").asString()).isEqualTo("Ada");
        assertThat(article.path("tags").toString()).isEqualTo("[\"" + tag + "\",\"own\"]");
        assertThat(owner.read(source, "/articles")).isEqualTo("2");
        assertThat(owner.read(source, "/feed")).isEqualTo(url);
        assertThat(owner.read(source, "/name")).isEqualTo("Site");
        assertThat(owner.lastPoll(source).path("created").asInt()).isEqualTo(2);
        assertThat(site.requests("/feed").getFirst().headers().get("User-Agent"))
                .isEqualTo("Freshet");
    }

    @Test
    void unchangedFeedIsNotSentAgain() {
        var url = site.page(
                "/feed",
                request -> "\"v1\"".equals(request.headers().get("If-None-Match"))
                                && "Sun, 29 Nov 2026 07:00:00 GMT"
                                        .equals(request.headers().get("If-Modified-Since"))
                        ? Reply.of(304, "", "ETag", "\"v1\"", "Last-Modified", "Sun, 29 Nov 2026 07:00:00 GMT")
                        : Reply.of(
                                200,
                                Site.atom("1=One"),
                                "ETag",
                                "\"v1\"",
                                "Last-Modified",
                                "Sun, 29 Nov 2026 07:00:00 GMT"));
        var source = owner.addAndPoll(url, tagged, 1);

        for (var i = 0; i < 2; i++) {
            var poll = owner.poll(source);
            assertThat(poll.path("status").asInt()).isEqualTo(304);
            assertThat(poll.path("unchanged").asInt()).isEqualTo(1);
        }
    }

    @Test
    void serverSendsOnlyNewEntries() {
        var url = site.page("/feed", request -> {
            var has = String.valueOf(request.headers().get("If-None-Match"));
            return !"feed".equals(request.headers().get("A-IM"))
                    ? Reply.of(200, Site.atom("1=One", "2=Two"), "ETag", "\"1\"")
                    : has.equals("\"1\"")
                            ? Reply.of(226, Site.atom("3=Three"), "ETag", "\"2\"", "IM", "feed")
                            : Reply.of(200, Site.atom("3=Three", "2=Two", "1=One"), "ETag", "\"3\"");
        });
        var source = owner.addAndPoll(url, tagged, 1);

        assertThat(owner.poll(source).path("created").asInt()).isEqualTo(1);
        assertThat(owner.lastPoll(source).path("status").asInt()).isEqualTo(226);
        var whole = owner.poll(source);
        assertThat(whole.path("status").asInt()).isEqualTo(200);
        assertThat(whole.path("unchanged").asInt()).isEqualTo(3);
        assertThat(owner.titles(tag)).containsExactlyInAnyOrder("One", "Two", "Three");
    }

    @Test
    void feedOfAnotherServerAnswersWithADelta() {
        var other = Freshet.shared(Map.of());
        publish(other, "First");
        var source = owner.addAndPoll(
                other.url() + "/api/v1/articles?format=atom&tag=" + tag, ",\"tags\":[\"copy-" + tag + "\"]", 1);
        publish(other, "Second");
        var poll = owner.poll(source);

        assertThat(poll.path("status").asInt()).isEqualTo(226);
        assertThat(poll.path("created").asInt()).isEqualTo(1);
        assertThat(owner.titles("copy-" + tag)).containsExactlyInAnyOrder("First", "Second");
        assertThat(owner.poll(source).path("created").asInt()).isZero();
    }

    @Test
    void articlesOfThisServerAreLeftOut() {
        publish(instance, "First");
        var source = owner.addAndPoll(instance.url() + "/api/v1/articles?format=atom&tag=" + tag, tagged, 1);

        assertThat(owner.lastPoll(source).path("unchanged").asInt()).isEqualTo(1);
        assertThat(owner.titles(tag)).containsExactly("First");
    }

    private void publish(Freshet server, String title) {
        var token = server.token(Role.AUTHOR);
        var body = "{\"title\":\"" + title + "\",\"tags\":[\"" + tag + "\"],\"status\":\"published\"}";
        var reply = get(server.send(HttpMethod.POST, "/api/v1/articles", body, "Authorization", "Bearer " + token));
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
    }

    @Test
    void onlyNewAndChangedEntriesAreImported() {
        var url = site.page("/feed", 200, Site.atom("1=One", "2=Two"));
        var source = owner.addAndPoll(url, tagged, 1);
        // An article that was changed here stays as it is, since its entry has not changed.
        get(instance.bean(DatabaseClient.class)
                .sql("update article set title = 'Edited' where title = 'One' and owner = :owner")
                .bind("owner", owner.account())
                .fetch()
                .rowsUpdated());
        site.page("/feed", 200, Site.atom("3=Three", "1=One", "2=Second"));
        var poll = owner.poll(source);

        assertThat(poll.path("created").asInt()).isEqualTo(1);
        assertThat(poll.path("updated").asInt()).isEqualTo(1);
        assertThat(poll.path("unchanged").asInt()).isEqualTo(1);
        assertThat(owner.titles(tag)).contains("Second", "Three").hasSize(3);
        var stored = get(instance.bean(DatabaseClient.class)
                .sql("select count(*) from article where title = 'Edited' and owner = :owner")
                .bind("owner", owner.account())
                .mapValue(Long.class)
                .one());
        assertThat(stored).isEqualTo(1);
    }

    @Test
    void pageNamesItsFeed() {
        site.page("/feed.json", 200, """
                {"version": "https://jsonfeed.org/version/1.1", "title": "Site",
                 "items": [{"id": "1", "title": "From the page", "content_text": "x"}]}""");
        var url = site.page("/", 200, """
                <!-- a page --><!DOCTYPE html><html><head><base href="/sub/">
                <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments">
                <link rel="alternate stylesheet" type="text/css" href="/style">
                <LINK type="application/feed+json" rel="Alternate" href="../feed.json">""");
        var source = owner.addAndPoll(url, tagged, 2);

        assertThat(owner.titles(tag)).containsExactly("From the page");
        assertThat(owner.read(source, "/feed")).isEqualTo(site.url("/feed.json"));
        assertThat(owner.read(source, "/url")).isEqualTo(url);
    }

    @Test
    void wordPressIsReadFromItsApi() {
        var url = site.page("/", 200, """
                <html><head><link rel="alternate" type="application/rss+xml" href="/feed/">
                <link rel="https://api.w.org/" href="%s">""".formatted(site.url("/wp-json/")));
        var api = "/wp-json/wp/v2/posts?per_page=20&_embed=author,wp:term,wp:featuredmedia"
                + "&_fields=guid,link,slug,date,date_gmt,title,content,excerpt,_links,_embedded";
        site.page(api, 200, """
                [{"guid": {"rendered": "https://blog.example/?p=1"}, "link": "https://blog.example/one/", "slug": "one",
                  "date": "2026-01-02T04:04:05", "date_gmt": "2026-01-02T03:04:05",
                  "title": {"rendered": "One &amp; <em>all</em>"}, "excerpt": {"rendered": "<p>Short</p>"},
                  "content": {"rendered": "<p>Full text</p>", "protected": false},
                  "_embedded": {"author": [{"name": "Ada"}],
                    "wp:term": [[{"name": "News", "taxonomy": "category"}], [{"name": "x", "taxonomy": "menu"}]],
                    "wp:featuredmedia": [{"source_url": "https://blog.example/a.png"}]}},
                 {"guid": {"rendered": "https://blog.example/?p=2"}, "link": "https://blog.example/two/",
                  "title": {"rendered": "Two"}, "content": {"rendered": "", "protected": true}}]""");
        var source = owner.addAndPoll(url, tagged, 2);

        assertThat(owner.read(source, "/feed")).isEqualTo(site.url(api));
        var article = owner.articles(tag).getFirst();
        assertThat(article.path("title").asString()).isEqualTo("One & all");
        assertThat(article.path("summary").asString()).isEqualTo("Short");
        assertThat(article.path("author").asString()).isEqualTo("Ada");
        assertThat(article.path("publishedAt").asString()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(article.path("canonicalUrl").asString()).isEqualTo("https://blog.example/one/");
        assertThat(article.path("image").asString()).isEqualTo("https://blog.example/a.png");
        assertThat(article.path("tags").toString()).isEqualTo("[\"" + tag + "\",\"News\"]");
        assertThat(instance.get("/api/v1/articles/" + article.path("id").asString())
                        .body())
                .contains("Full text");
        assertThat(owner.lastPoll(source).path("reason").asString()).contains("password");
    }

    @Test
    void drupalIsReadFromItsApi() {
        var url = site.page("/", 200, """
                <html><head><meta name="Generator" content="Drupal 11 (https://www.drupal.org)">
                <link rel="alternate" type="application/rss+xml" href="/rss.xml">""");
        var api = "/jsonapi/node/article?sort=-changed&include=uid,field_tags&filter%5Bstatus%5D=1&page%5Blimit%5D=20";
        site.page(api, 200, """
                {"jsonapi": {"version": "1.1"}, "data": [
                  {"type": "node--article", "id": "0b4d7c36-4a0e-4c4b-8f65-8f0b7a3b3c01",
                   "attributes": {"title": "One", "status": true, "created": "2026-01-02T03:04:05+00:00",
                     "langcode": "de", "path": {"alias": "/eins"}, "drupal_internal__nid": 7,
                     "body": {"value": "x", "processed": "<p>Full text</p>", "summary": ""}},
                   "relationships": {"uid": {"data": {"type": "user--user", "id": "u"}},
                     "field_tags": {"data": [{"type": "taxonomy_term--tags", "id": "t"}]}}}],
                 "included": [{"id": "u", "attributes": {"display_name": "Ada"}},
                   {"id": "t", "attributes": {"name": "News"}}]}""");
        var source = owner.addAndPoll(url, tagged, 2);

        assertThat(owner.read(source, "/feed")).isEqualTo(site.url(api));
        var article = owner.articles(tag).getFirst();
        assertThat(article.path("title").asString()).isEqualTo("One");
        assertThat(article.path("author").asString()).isEqualTo("Ada");
        assertThat(article.path("language").asString()).isEqualTo("de");
        assertThat(article.path("canonicalUrl").asString()).isEqualTo(site.url("/eins"));
        assertThat(article.path("tags").toString()).isEqualTo("[\"" + tag + "\",\"News\"]");
        assertThat(instance.get("/api/v1/articles/" + article.path("id").asString())
                        .body())
                .contains("Full text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"code\": \"rest_forbidden\"}", "<html>", "[{\"id\": 1}]"})
    void feedIsReadWithoutAnApi(String response) {
        var url = site.page("/", 200, """
                <html><head><link rel="alternate" type="application/rss+xml" href="/feed/">
                <link rel="https://api.w.org/" href="/index.php?rest_route=/">""");
        site.page("/feed/", 200, Site.atom("1=From the feed"));
        site.page(
                "/index.php?rest_route=/wp/v2/posts&per_page=20&_embed=author,wp:term,wp:featuredmedia"
                        + "&_fields=guid,link,slug,date,date_gmt,title,content,excerpt,_links,_embedded",
                200,
                response);
        owner.addAndPoll(url, tagged, 2);

        assertThat(owner.titles(tag)).containsExactly("From the feed");
        assertThat(site.requests("/index.php?rest_route=/wp/v2/posts&per_page=20&_embed=author,wp:term,wp:featuredmedia"
                        + "&_fields=guid,link,slug,date,date_gmt,title,content,excerpt,_links,_embedded"))
                .hasSize(1);
    }

    @Test
    void pageWithoutAFeedIsReported() {
        var source = owner.addAndPoll(site.page("/", 200, "<html><head><title>No feed</title>"), "", 1);
        assertThat(owner.read(source, "/lastError/message")).contains("names no feed");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 308})
    void permanentRedirectMovesTheSource(int status) {
        site.page("/new", 200, Site.atom("1=One"));
        var url = site.page("/old", status, "", "Location", "/new");
        var source = owner.addAndPoll(url, tagged, 1);
        owner.poll(source);

        assertThat(owner.read(source, "/feed")).isEqualTo(site.url("/new"));
        assertThat(site.requests("/old")).hasSize(1);
        assertThat(site.requests("/new")).hasSize(2);
    }

    @Test
    void temporaryRedirectDoesNotMoveTheSource() {
        site.page("/moved", 301, "", "Location", "/later");
        site.page("/later", 200, Site.atom("1=One"));
        var url = site.page("/feed", 302, "", "Location", "/moved");
        var source = owner.addAndPoll(url, tagged, 1);

        assertThat(owner.titles(tag)).containsExactly("One");
        assertThat(owner.read(source, "/feed")).isEqualTo(url);
    }

    @Test
    void lostFeedIsFoundAgain() {
        site.page("/a", 200, Site.atom("1=One"));
        var url = site.page("/", 200, "<html><link rel=alternate type=application/atom+xml href=/a>");
        var source = owner.addAndPoll(url, tagged, 2);
        site.page("/a", 404, "");
        site.page("/b", 200, Site.atom("2=Two"));
        site.page("/", 200, "<html><link rel=alternate type=application/atom+xml href=/b>");
        owner.poll(source);
        owner.poll(source);
        assertThat(owner.read(source, "/state")).isEqualTo("failing");
        owner.poll(source);
        until(() -> owner.titles(tag).contains("Two"));
        // The poll is recorded after its articles.
        until(() -> owner.read(source, "/feed").equals(site.url("/b")));
    }

    @Test
    void goneFeedEndsTheSource() {
        var url = site.page("/feed", 410, "");
        var source = owner.addAndPoll(url, tagged, 1);
        assertThat(owner.read(source, "/state")).isEqualTo("ended");
        assertThat(owner.read(source, "/nextPollAt")).isEmpty();
        assertThat(owner.lastPoll(source).path("reason").asString()).contains("gone");

        site.page("/feed", 200, Site.atom("1=Back"));
        owner.change(source, "{\"state\":\"active\"}");
        until(() -> owner.titles(tag).contains("Back"));
    }

    @Test
    void failingSourceShowsTheReason() {
        var source = owner.addAndPoll(site.page("/feed", 503, "", "Retry-After", "7200"), "", 1);
        assertThat(owner.read(source, "/state")).isEqualTo("active");
        assertThat(Instant.parse(owner.read(source, "/nextPollAt")))
                .isAfter(Instant.now().plus(Duration.ofMinutes(110)));
        owner.poll(source);

        assertThat(owner.read(source, "/state")).isEqualTo("failing");
        assertThat(owner.read(source, "/failingSince")).isNotEmpty();
        assertThat(owner.read(source, "/lastError/message")).contains("503");
        site.page("/feed", 200, Site.atom("1=One"));
        owner.poll(source);
        assertThat(owner.read(source, "/state")).isEqualTo("active");
    }

    @Test
    void feedDelaysItsNextPoll() {
        site.page("/feed", 200, """
                <rss version="2.0"><channel><title>Site</title><ttl>180</ttl>
                <item><title>One</title><guid>1</guid></item></channel></rss>""");
        site.page("/cached", 200, Site.atom("1=One"), "Cache-Control", "public, max-age=14400", "Age", "10");
        for (var path : new String[] {"/feed", "/cached"}) {
            var source = owner.addAndPoll(site.url(path), tagged + ",\"interval\":\"PT10M\"", 1);
            assertThat(Instant.parse(owner.read(source, "/nextPollAt")))
                    .as(path)
                    .isAfter(Instant.now().plus(Duration.ofMinutes(170)));
        }
    }

    /** The feeds that a hostile site sends. */
    enum Hostile {
        ENDLESS(request ->
                Mono.just(new Reply(200, Map.of(), Flux.range(0, 1_000_000).map(i -> " ".repeat(1000))))),
        LOOP(request -> Reply.of(302, "", "Location", "/feed")),
        ENTITIES(request -> Reply.of(
                200,
                "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><rss><channel><item><title>&b;"
                        + "</title></item></channel></rss>")),
        DEEP(request -> Reply.of(200, "<rss><channel>" + "<a>".repeat(60_000))),
        ELSEWHERE(request -> Reply.of(301, "", "Location", "file:///etc/passwd")),
        PRIVATE(request -> Reply.of(301, "", "Location", "http://10.0.0.1/")),
        TEXT(request -> Reply.of(200, "no feed")),
        EMPTY(request -> Reply.of(200, ""));

        @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
        private final Function<Site.Request, Mono<Reply>> replies;

        Hostile(Function<Site.Request, Mono<Reply>> replies) {
            this.replies = replies;
        }
    }

    @ParameterizedTest
    @EnumSource(Hostile.class)
    void hostileFeedIsAFailedPoll(Hostile hostile) {
        var source = owner.addAndPoll(site.page("/feed", hostile.replies), tagged, 1);

        assertThat(owner.lastPoll(source).path("reason").asString()).isNotEmpty();
        assertThat(owner.read(source, "/lastError/message")).isNotEmpty().doesNotContain("internal error");
        assertThat(owner.read(source, "/feed")).isEmpty();
        assertThat(owner.titles(tag)).isEmpty();
    }

    @Test
    void onlyTheNewestEntriesAreRead() {
        var feed = new StringBuilder("<rss><channel>");
        IntStream.range(0, 40)
                .forEach(i -> feed.append("<item><guid>")
                        .append(i)
                        .append("</guid><title>Number ")
                        .append(i)
                        .append("</title></item>"));
        var source = owner.addAndPoll(site.page("/feed", 200, feed.toString()), tagged, 1);

        assertThat(owner.lastPoll(source).path("created").asInt()).isEqualTo(30);
        assertThat(owner.titles(tag)).contains("Number 0").doesNotContain("Number 39");
    }

    @Test
    void lastFiftyPollsAreListed() {
        var source = owner.addAndPoll(site.page("/feed", 200, Site.atom("1=One")), tagged, 1);
        get(instance.bean(DatabaseClient.class)
                .sql("""
                        insert into poll select source, n, at - interval '1 minute' * (60 - n), 304, 0, 0, 1, 0, 0, 1, null
                        from poll, generate_series(2, 49) n where source = :id""")
                .bind("id", UUID.fromString(source.path("id").asString()))
                .fetch()
                .rowsUpdated());
        owner.poll(source);
        get(instance.bean(DatabaseClient.class)
                .sql("update polled_source set polls = 99 where id = :id")
                .bind("id", UUID.fromString(source.path("id").asString()))
                .fetch()
                .rowsUpdated());
        owner.poll(source);
        owner.poll(source);

        var polls = owner.polls(source);
        assertThat(polls.size()).isEqualTo(50);
        assertThat(polls.path(0).path("status").asInt()).isEqualTo(200);
        assertThat(polls.path(0).path("at").asString())
                .isGreaterThan(polls.path(1).path("at").asString());
    }

    @Test
    void ownersSeeTheirOwnSourcesAndAdminsAll() {
        var source = owner.add(site.page("/feed", 200, Site.atom("1=One")), tagged);
        var path = Publisher.path(source);
        var stranger = new Publisher(instance, Role.EDITOR);
        var admin = new Publisher(instance, Role.ADMIN);

        assertThat(owner.send(HttpMethod.GET, "", null).body()).contains(path.substring(1));
        assertThat(stranger.send(HttpMethod.GET, "", null).body()).doesNotContain(path.substring(1));
        assertThat(admin.send(HttpMethod.GET, "", null).body()).contains(path.substring(1));
        for (var each : new String[] {path, path + "/polls"}) {
            assertThat(stranger.send(HttpMethod.GET, each, null).code()).isEqualTo(404);
            assertThat(admin.send(HttpMethod.GET, each, null).code()).isEqualTo(200);
        }
        assertThat(stranger.send(HttpMethod.PATCH, path, "{}").code()).isEqualTo(404);
        assertThat(stranger.send(HttpMethod.DELETE, path, null).code()).isEqualTo(404);
        assertThat(admin.send(HttpMethod.DELETE, path, null).code()).isEqualTo(204);
        assertThat(owner.send(HttpMethod.GET, path, null).code()).isEqualTo(404);
    }

    @Test
    void accountHasALimitedNumber() {
        for (var i = 0; i < 4; i++) {
            owner.add(site.url("/" + i), "");
        }
        var first = owner.send(HttpMethod.GET, "?limit=3", null).json();
        var second = owner.send(
                        HttpMethod.GET, "?limit=3&before=" + first.path("next").asString(), null)
                .json();
        assertThat(first.path("items").size()).isEqualTo(3);
        assertThat(second.path("items").size()).isEqualTo(1);

        var refused = owner.send(HttpMethod.POST, "", "{\"url\":\"" + site.url("/5") + "\"}");
        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.text("detail")).contains("at most 4");
    }

    @Test
    void addressIsUniqueInAnAccount() {
        owner.add(site.url("/feed"), "");
        var other = owner.add(site.url("/other"), "");

        assertThat(owner.send(HttpMethod.POST, "", "{\"url\":\" " + site.url("/feed") + "\"}")
                        .code())
                .isEqualTo(409);
        assertThat(owner.send(HttpMethod.PATCH, Publisher.path(other), "{\"url\":\"" + site.url("/feed") + "\"}")
                        .code())
                .isEqualTo(409);
        new Publisher(instance, Role.AUTHOR).add(site.url("/feed"), "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"url\":\"ftp://example.org/feed\"",
                "\"url\":\"http://user:secret@example.org/\"",
                "\"url\":\"feed\"",
                "\"url\":\"\"",
                "\"url\":\"http://example.org/\",\"name\":\"\"",
                "\"url\":\"http://example.org/\",\"name\":\"a\\nb\"",
                "\"url\":\"http://example.org/\",\"tags\":[\"\"]",
                "\"url\":\"http://example.org/\",\"tags\":[null]",
                "\"url\":\"http://example.org/\",\"tags\":[1]",
                "\"url\":\"http://example.org/\",\"interval\":\"PT1M\"",
                "\"url\":\"http://example.org/\",\"interval\":\"P31D\"",
                "\"url\":\"http://example.org/\",\"interval\":\"hourly\"",
                "\"url\":\"http://example.org/\",\"state\":\"paused\"",
                "\"url\":\"http://example.org/\",\"feed\":\"http://example.org/\"",
                "\"name\":\"x\""
            })
    void invalidFieldIsRefused(String fields) {
        var reply = owner.send(HttpMethod.POST, "", "{" + fields + "}");
        assertThat(reply.code()).as(reply.body()).isEqualTo(400);
    }

    @Test
    void pausedSourceIsNotPolled() {
        var url = site.page("/feed", 200, Site.atom("1=One"));
        var source = owner.addAndPoll(url, tagged, 1);
        assertThat(owner.change(source, "{\"state\":\"paused\",\"interval\":\"PT2H\",\"author\":\"Ada\"}")
                        .path("state")
                        .asString())
                .isEqualTo("paused");
        owner.makeDue(source);
        var witness = owner.addAndPoll(site.page("/witness", 200, Site.atom("2=Two")), tagged, 1);
        owner.poll(witness);
        assertThat(owner.read(source, "/polls")).isEqualTo("1");

        var changed = owner.change(source, "{\"state\":\"active\",\"author\":\"\"}");
        assertThat(changed.path("interval").asString()).isEqualTo("PT2H");
        assertThat(changed.has("author")).isFalse();
        until(() -> owner.read(source, "/polls").equals("2"));
        assertThat(owner.change(source, "{\"interval\":\"adaptive\"}")
                        .path("interval")
                        .asString())
                .isEqualTo("adaptive");
    }

    @Test
    void newAddressIsPolledAtOnce() {
        var source = owner.addAndPoll(site.page("/a", 200, Site.atom("1=One")), tagged, 1);
        try (var other = new Site()) {
            owner.change(source, "{\"url\":\"" + other.page("/b", 200, Site.atom("2=Two")) + "\"}");
            until(() -> owner.titles(tag).contains("Two"));
            // The poll is recorded after its articles.
            until(() -> owner.read(source, "/feed").equals(other.url("/b")));
        }
    }

    @Test
    void importUnderAnEndedLeaseWritesNothing() {
        var source = owner.addAndPoll(site.page("/feed", 200, Site.atom("1=One")), tagged, 1);
        var id = UUID.fromString(source.path("id").asString());
        var fence = get(instance.bean(DatabaseClient.class)
                .sql("select fence from polled_source where id = :id")
                .bind("id", id)
                .mapValue(Long.class)
                .one());
        var account = get(instance.bean(Accounts.class).findActive(owner.account()));
        var document = FeedDocument.read(
                new DocumentSource(Site.atom("1=Late", "2=New").getBytes(StandardCharsets.UTF_8), null, null, ""),
                instance.bean(StrictJson.class));
        var importer = instance.bean(Importer.class);
        var late = new Import(Flux.fromIterable(document.entries()), List.of(), new ImportLease(id, fence - 1));
        assertThatThrownBy(() -> importer.summary(account, late).block(TIMEOUT)).hasMessageContaining("claim");
        assertThat(owner.titles(tag)).containsExactly("One");

        var valid = new Import(Flux.fromIterable(document.entries()), List.of(), new ImportLease(id, fence));
        assertThat(get(importer.summary(account, valid)).counts().created()).isEqualTo(1);
    }

    @Test
    void disabledAccountPublishesNothing() {
        var url = site.page("/feed", 200, Site.atom("1=One"));
        var source = owner.addAndPoll(url, tagged, 1);
        site.page("/feed", 200, Site.atom("2=Two"));
        get(instance.bean(Accounts.class).change(owner.account(), Role.AUTHOR.toString(), null, true));
        owner.makeDue(source);
        var admin = new Publisher(instance, Role.ADMIN);
        until(() -> admin.read(source, "/polls").equals("2"));

        assertThat(admin.read(source, "/lastError/message")).contains("disabled");
        assertThat(site.requests("/feed")).hasSize(1);
        assertThat(owner.titles(tag)).containsExactly("One");
    }
}
