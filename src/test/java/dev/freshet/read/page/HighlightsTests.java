package dev.freshet.read.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;

/** Highlights in the pages of searches, as JSON and as HTML. */
class HighlightsTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());

    @BeforeAll
    static void publish() {
        var reply = Freshet.get(INSTANCE.send(
                HttpMethod.POST, "/api/v1/articles", """
                {"title": "Kestrels & <wrens>", "summary": "On birds.", "status": "published", "tags": ["highlights"],
                 "body": "Nothing here.\\n\\nThe **kestrel** meets a [wren](https://example.org)."}""", "Authorization", "Bearer " + INSTANCE.token(Role.AUTHOR)));
        assertThat(reply.code()).as(reply.body()).isEqualTo(201);
    }

    @Test
    void itemsOfASearchHaveHighlights() {
        var highlights = INSTANCE.get("/api/v1/articles?tag=highlights&q=kestrel+wren")
                .json()
                .path("items")
                .path(0)
                .path("highlights");
        assertThat(highlights.path("title").asString())
                .isEqualTo("<mark>Kestrels</mark> &amp; &lt;<mark>wrens</mark>&gt;");
        assertThat(highlights.path("passage").asString())
                .isEqualTo("Nothing here. The <mark>kestrel</mark> meets a <mark>wren</mark>.");
        for (var path : new String[] {"tag=highlights", "tag=highlights&q=kestrel&fields=id,title"}) {
            var item = INSTANCE.get("/api/v1/articles?" + path)
                    .json()
                    .path("items")
                    .path(0);
            assertThat(item.path("title").asString()).isEqualTo("Kestrels & <wrens>");
            assertThat(item.has("highlights")).as(path).isFalse();
        }
    }

    @Test
    void pageForReadersShowsHighlights() {
        var page = INSTANCE.get("/?tag=highlights&q=kestrel+wren", "Accept", "text/html")
                .body();
        assertThat(page)
                .contains(
                        "<mark>Kestrels</mark> &amp; &lt;<mark>wrens</mark>&gt;</a>",
                        "The <mark>kestrel</mark> meets a <mark>wren</mark>.</p>");
        assertThat(INSTANCE.get("/?tag=highlights", "Accept", "text/html").body())
                .doesNotContain("<mark>");
    }
}
