package dev.freshet.feed;

import static dev.freshet.testing.Freshet.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Freshet.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.json.JsonMapper;

/** Names are the same in any case and composition, and shown as they were first written. */
class NameSpellingTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static Freshet instance;
    private static String token;

    @BeforeAll
    static void start() {
        instance = Freshet.shared(Map.of());
        token = instance.token(Role.EDITOR);
    }

    @Test
    void laterSpelling_isShownAsTheFirst() {
        publish("First", "Spelling Zoë", "Spelling Straße", "Spelling.Example");
        var second = publish("Second", "SPELLING ZOE\u0308", "SPELLING STRASSE", "SPELLING.EXAMPLE");

        assertThat(second.text("author")).isEqualTo("Spelling Zoë");
        assertThat(second.text("source")).isEqualTo("Spelling.Example");
        assertThat(second.json().path("tags")).hasToString("[\"Spelling Straße\"]");
        for (var feed : new String[] {
            "author=" + encoded("spelling ZOË"), "tag=" + encoded("spelling strasse"), "source=SPELLING.example"
        }) {
            assertThat(read("/api/v1/articles?" + feed).json().findValuesAsString("title"))
                    .as(feed)
                    .containsExactly("Second", "First");
        }
    }

    @Test
    void titleOfAFeed_hasTheFirstSpelling() {
        publish("One", "Title Writer", "Title Tag", "title.example");

        assertThat(read("/?author=TITLE+WRITER&tag=title+tag").body())
                .contains("<h1>Articles #Title Tag, by Title Writer</h1>");
        assertThat(read("/api/v1/articles?format=json-feed&author=title+writer").text("title"))
                .isEqualTo("Articles by Title Writer");
    }

    @Test
    void titleOfAFeed_isolatesRightToLeftNames() {
        publish("One", "\u05d3\u05d5\u05d3", "rtl", "rtl.example");

        assertThat(read("/api/v1/articles?format=json-feed&tag=rtl&author=" + encoded("\u05d3\u05d5\u05d3"))
                        .text("title"))
                .isEqualTo("Articles #rtl, by \u2068\u05d3\u05d5\u05d3\u2069");
    }

    @Test
    void tagOfTwoSpellings_isOneTag() {
        var article = publish("Twice", "Twice Writer", "Twice", "twice.example", "TWICE");

        assertThat(article.json().path("tags")).hasToString("[\"Twice\"]");
    }

    @Test
    void pageIsOutdatedByAnotherSpelling() {
        publish("Old", "Cached Writer", "cached", "cached.example");
        assertThat(titles("author=CACHED+WRITER")).containsExactly("Old");
        publish("New", "cached writer", "cached", "cached.example");

        assertThat(titles("author=CACHED+WRITER")).containsExactly("New", "Old");
    }

    @Test
    void importOfAnotherSpelling_changesNothing() {
        var line =
                "{\"id\":\"urn:spelling\",\"title\":\"t\",\"author\":\"%s\",\"tags\":[\"%s\"],\"source\":\"i.example\"}";
        assertThat(imported(line.formatted("Imported Writer", "Imported Tag"))).contains("\"created\":1");

        assertThat(imported(line.formatted("IMPORTED WRITER", "imported tag"))).contains("\"unchanged\":1");
    }

    @Test
    void followedName_isListedAsArticlesShowIt() {
        var reader = instance.token(Role.READER);
        publish("Followed", "Followed Writer", "f", "f.example");
        for (var spelling : new String[] {"FOLLOWED WRITER", "followed writer"}) {
            assertThat(send(HttpMethod.PUT, "/api/v1/following/author?name=" + encoded(spelling), null, reader)
                            .code())
                    .isEqualTo(204);
        }

        assertThat(send(HttpMethod.GET, "/api/v1/following", null, reader)
                        .json()
                        .findValuesAsString("name"))
                .containsExactly("Followed Writer");
        assertThat(send(HttpMethod.DELETE, "/api/v1/following/author?name=Followed+writer", null, reader)
                        .code())
                .isEqualTo(204);
        assertThat(send(HttpMethod.GET, "/api/v1/following", null, reader)
                        .json()
                        .path("items"))
                .isEmpty();
    }

    private static Reply publish(String title, String author, String tag, String source, String... more) {
        var tags = new ArrayList<>(List.of(tag));
        tags.addAll(List.of(more));
        var fields = Map.of("title", title, "author", author, "tags", tags, "source", source, "status", "published");
        var reply = send(HttpMethod.POST, "/api/v1/articles", JSON.writeValueAsString(fields), token);
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
        return reply;
    }

    private static String imported(String line) {
        return get(instance.send(
                        HttpMethod.POST,
                        "/api/v1/imports",
                        line,
                        "Content-Type",
                        "application/x-ndjson",
                        "Authorization",
                        "Bearer " + token))
                .body();
    }

    private static List<String> titles(String feed) {
        return read("/api/v1/articles?" + feed).json().findValuesAsString("title");
    }

    private static Reply read(String path) {
        return instance.get(path);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static Reply send(HttpMethod method, String path, @Nullable String body, String bearer) {
        return get(instance.send(method, path, body, "Authorization", "Bearer " + Objects.requireNonNull(bearer)));
    }
}
