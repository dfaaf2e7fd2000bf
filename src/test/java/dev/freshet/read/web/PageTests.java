package dev.freshet.read.web;

import static dev.freshet.read.web.Newsroom.NOON;
import static dev.freshet.read.web.Newsroom.article;
import static dev.freshet.read.web.Newsroom.retitled;
import static dev.freshet.testing.Freshet.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;

class PageTests {

    private static final Pattern TITLE = Pattern.compile("<h2 dir=\"auto\"><a [^>]*>([^<]*)</a>");
    private static final Pattern OLDER = Pattern.compile("<a href=\"([^\"]*)\" rel=\"next\">");
    private static final Pattern STYLE = Pattern.compile("href=\"(/assets/[0-9a-f]+/freshet\\.css)\"");

    private static Freshet instance;
    private static Newsroom newsroom;

    @BeforeAll
    static void start() {
        instance = Freshet.start(Stores.database(), "", Map.of("freshet.samples", "false"));
        newsroom = new Newsroom(instance);
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void olderPagesContinueWhereThePageEnds() {
        newsroom.publish(IntStream.rangeClosed(1, 45)
                .mapToObj(i -> article("Paged " + i, NOON.plusSeconds(i), "paged"))
                .toList());
        var titles = new StringBuilder();
        var next = "/?tag=paged";
        for (var page = 0; page < 3; page++) {
            var html = body(get(next));
            TITLE.matcher(html)
                    .results()
                    .forEach(found -> titles.append(found.group(1)).append('\n'));
            var older = OLDER.matcher(html);
            next = older.find() ? unescaped(older.group(1)) : "";
        }
        assertThat(titles.toString().lines())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 45)
                        .mapToObj(i -> "Paged " + (46 - i))
                        .toList());
        assertThat(next).isEmpty();
    }

    @Test
    void filesAreLinkedAndBlockedImagesBecomeLinks() {
        var token = instance.token(Role.AUTHOR);
        var draft = """
                {"title": "Media", "status": "published", "attachments": [{"url": "https://e.example/x/a%20b.mp3"}],
                 "body": "![old](http://e.example/i.png)"}""";
        var reply = Freshet.get(
                instance.send(HttpMethod.POST, "/api/v1/articles", draft, "Authorization", "Bearer " + token));
        var html = instance.get("/articles/" + reply.text("id") + "/media", "Accept", "text/html")
                .body();

        assertThat(html)
                .contains(
                        "<a dir=\"auto\" href=\"https://e.example/x/a%20b.mp3\" rel=\"nofollow noopener\">a%20b.mp3</a>")
                .contains("<a href=\"http://e.example/i.png\" rel=\"nofollow noopener\">old</a>")
                .contains("<link rel=\"alternate\" type=\"application/atom+xml\"", "<h1 dir=\"auto\">Media</h1>")
                .doesNotContain("<img");
    }

    @Test
    void onlyPagesWithEmbedsPermitFrames() {
        var body = "{\"title\": \"Film\", \"status\": \"published\", \"body\": "
                + "\"<iframe src='https://m.example/@ann/1234567890123/embed'></iframe>\"}";
        var reply = Freshet.get(instance.send(
                HttpMethod.POST, "/api/v1/articles", body, "Authorization", "Bearer " + instance.token(Role.AUTHOR)));
        var path = "/articles/" + reply.text("id") + "/film";
        var fresh = get(path);
        assertThat(body(fresh)).contains("data-frame=\"https://m.example/@ann/1234567890123/embed\"");
        var unchanged = get(
                path, "If-None-Match", Objects.requireNonNull(fresh.getHeaders().getETag()));
        assertThat(unchanged.getStatusCode().value()).isEqualTo(304);
        for (var answer : List.of(fresh, unchanged)) {
            assertThat(answer.getHeaders().getFirst("Content-Security-Policy"))
                    .startsWith("default-src 'none'; script-src 'self';")
                    .endsWith("; frame-src https://m.example");
        }
        assertThat(get("/").getHeaders().getFirst("Content-Security-Policy")).doesNotContain("frame-src");
    }

    @Test
    void filtersSelectByAuthorSourceTagAndSearch() {
        newsroom.publish(article("Selected heron", NOON, "bird & beast"));
        assertThat(body(get("/?tag=bird+%26+beast"))).contains("Selected heron");
        assertThat(body(get("/?q=heron"))).contains("Selected <mark>heron</mark>");
        assertThat(body(get("/?q=heron&author=Ann+Ward&source=The+Gauge"))).contains("Selected <mark>heron</mark>");
        assertThat(body(get("/?q=heron&author=Somebody"))).contains("No articles match");
    }

    @Test
    void inputOfReadersIsEscaped() {
        var html = body(get("/?q=%3Cscript%3Ealert(1)%3C/script%3E%22&tag=%22%3E%3Cb%3E"));
        assertThat(html).doesNotContain("<script>").doesNotContain("\"><b>");
    }

    @Test
    void articleHasOneAddress() {
        var article = article("One address", NOON);
        newsroom.publish(article);
        var right = "/articles/" + article.id() + "/one-address";
        for (var wrong : new String[] {"/articles/" + article.id(), "/articles/" + article.id() + "/other"}) {
            var answer = get(wrong);
            assertThat(answer.getStatusCode().value()).isEqualTo(308);
            assertThat(answer.getHeaders().getFirst(HttpHeaders.LOCATION)).isEqualTo(right);
        }
        assertThat(body(get(right))).contains("<p>The text of One address</p>");
    }

    @Test
    void unchangedArticleIsNotSentAgain() {
        var article = article("Tagged", NOON);
        newsroom.publish(article);
        var paths = List.of(article.readerPath(), "/api/v1/articles/" + article.id());
        var tags = new ArrayList<String>();
        for (var path : paths) {
            var tag = Objects.requireNonNull(get(path).getHeaders().getETag());
            var unchanged = get(path, HttpHeaders.IF_NONE_MATCH, tag);
            assertThat(unchanged.getStatusCode().value()).as(path).isEqualTo(304);
            assertThat(unchanged.getHeaders().getETag()).isEqualTo(tag);
            assertThat(unchanged.getHeaders().getCacheControl()).isEqualTo("no-cache");
            assertThat(unchanged.getBody()).isNull();
            tags.add(tag);
        }
        newsroom.update(retitled(article, "Tagged again"));
        for (var path : paths) {
            assertThat(get(path, HttpHeaders.IF_NONE_MATCH, String.join(", ", tags))
                            .getBody())
                    .contains("Tagged again");
        }
    }

    @Test
    void nonAsciiSlugHasAWorkingAddress() {
        var plain = article("Umlaut", NOON);
        newsroom.publish(plain);
        instance.bean(DatabaseClient.class)
                .sql("update article set slug = 'über-uns' where id = :id")
                .bind("id", plain.id())
                .then()
                .block(TIMEOUT);
        var location = get("/articles/" + plain.id()).getHeaders().getFirst(HttpHeaders.LOCATION);
        assertThat(get(Objects.requireNonNull(location)).getStatusCode().value())
                .isEqualTo(200);
    }

    @Test
    void withdrawnArticleReturns410AndUnknownOne404() {
        var article = article("Withdrawn", NOON);
        newsroom.publish(article);
        newsroom.update(retitled(article, "Withdrawn at last"));
        newsroom.withdraw(article);
        var gone = get("/articles/" + article.id() + "/withdrawn");
        assertThat(gone.getStatusCode().value()).isEqualTo(410);
        assertThat(body(gone)).contains("withdrawn").doesNotContain("The text of");
        assertThat(get("/articles/" + UUID.randomUUID()).getStatusCode().value())
                .isEqualTo(404);
        var unknown = get("/articles/nothing");
        assertThat(unknown.getStatusCode().value()).isEqualTo(404);
        assertThat(unknown.getHeaders().getContentType()).hasToString("text/html;charset=UTF-8");
    }

    @Test
    void brokenLinkIsExplainedOnAPage() {
        var answer = get("/?before=nonsense");
        assertThat(answer.getStatusCode().value()).isEqualTo(400);
        assertThat(answer.getHeaders().getContentType()).hasToString("text/html;charset=UTF-8");
        assertThat(body(answer)).contains("before is invalid");
    }

    @Test
    void assetsAreImmutableUnderTheirHash() {
        var style = STYLE.matcher(body(get("/")));
        assertThat(style.find()).isTrue();
        var asset = get(style.group(1));
        assertThat(asset.getHeaders().getCacheControl()).isEqualTo("max-age=31536000, public, immutable");
        assertThat(asset.getHeaders().getContentType()).hasToString("text/css;charset=UTF-8");
        assertThat(get("/assets/0000/freshet.css").getHeaders().getCacheControl())
                .isEqualTo("no-store");
        assertThat(get("/assets/0000/none.css").getStatusCode().value()).isEqualTo(404);
    }

    private static ResponseEntity<String> get(String path, String... header) {
        return Objects.requireNonNull(instance.client()
                .get()
                .uri(URI.create(instance.url() + path))
                .headers(headers -> {
                    if (header.length > 0) {
                        headers.set(header[0], header[1]);
                    }
                })
                .exchangeToMono(response -> response.toEntity(String.class))
                .block(TIMEOUT));
    }

    private static String body(ResponseEntity<String> answer) {
        return Objects.requireNonNull(answer.getBody());
    }

    private static String unescaped(String attribute) {
        return attribute.replace("&amp;", "&").replace("&#x3D;", "=");
    }
}
