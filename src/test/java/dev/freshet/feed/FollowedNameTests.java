package dev.freshet.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.platform.NameKey;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Freshet.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.json.JsonMapper;

/** Every name that can be published can be followed, muted, filtered by and linked to. */
class FollowedNameTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());
    private static final String FEED = "/api/v1/articles?";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "a//b",
                "/",
                "a;b=c",
                "a\\b",
                "100%",
                "%2F",
                "a%2Fb",
                ".",
                "..",
                "../..",
                ".net",
                "c++",
                "c#",
                "a?b",
                "a&b=c",
                "a b",
                "\"quoted\" 'name'",
                "<b>",
                "line\nbreak",
                "tab\tbed",
                "cr\rlf",
                "a\u2028b",
                "é",
                "日本語",
                "👩‍👩‍👧",
                "İ",
                "a+b",
                "|",
                "a\u0001b"
            })
    void publishedNameCanBeFollowed(String name) {
        for (var kind : new String[] {"tag", "author", "source"}) {
            var token = INSTANCE.token(Role.EDITOR);
            var title = UUID.randomUUID().toString();
            var fields = Map.of(
                    "title",
                    title,
                    "status",
                    "published",
                    kind.equals("tag") ? "tags" : kind,
                    kind.equals("tag") ? new String[] {name} : name);
            var created = send(HttpMethod.POST, "/api/v1/articles", new JsonMapper().writeValueAsString(fields), token);
            assertThat(created.code()).as(created.body()).isEqualTo(201);
            var query = kind + "=" + encoded(name);
            assertThat(get(FEED + query, token).body()).contains(title);
            assertThat(get("/?" + query, token).body()).contains(title);
            var page = get("/articles/" + created.text("id") + "/" + created.text("slug"), token)
                    .body();
            assertThat(page.replace("&#x3D;", "=")).contains("/?" + kind + "=" + encoded(NameKey.of(name.strip())));
            for (var path : paths(kind, name)) {
                assertThat(send(HttpMethod.PUT, path, null, token).code())
                        .as(path)
                        .isEqualTo(204);
                assertThat(get(FEED + "following=true", token).body()).contains(title);
                assertThat(get(FEED + "following=true&format=ndjson&follow=false&since=earliest", token)
                                .body())
                        .contains(title);
                var muted = path.replace("/following/", "/muted/");
                assertThat(send(HttpMethod.PUT, muted, null, token).code())
                        .as(muted)
                        .isEqualTo(204);
                assertThat(get(FEED + "following=true", token).body()).doesNotContain(title);
                assertThat(send(HttpMethod.DELETE, muted, null, token).code())
                        .as(muted)
                        .isEqualTo(204);
                assertThat(get(FEED + "following=true", token).body()).contains(title);
                assertThat(send(HttpMethod.DELETE, path, null, token).code())
                        .as(path)
                        .isEqualTo(204);
                assertThat(get(FEED + "following=true", token).body()).doesNotContain(title);
            }
        }
    }

    private static List<String> paths(String kind, String name) {
        var inQuery = "/api/v1/following/" + kind + "?name=" + encoded(name);
        // Clients and proxies resolve segments of dots.
        var isPath = List.of(name.split("/", -1)).stream().noneMatch(part -> part.equals(".") || part.equals(".."));
        return isPath
                ? List.of(
                        inQuery,
                        "/api/v1/following/" + kind + "/" + encoded(name).replace("+", "%20"))
                : List.of(inQuery);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static Reply get(String path, String token) {
        return send(HttpMethod.GET, path, null, token);
    }

    private static Reply send(HttpMethod method, String path, @Nullable String body, String token) {
        return Freshet.get(
                INSTANCE.send(method, path, body, "Authorization", "Bearer " + Objects.requireNonNull(token)));
    }
}
