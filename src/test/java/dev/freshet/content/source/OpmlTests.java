package dev.freshet.content.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

/** Lists of sources in OPML. Nothing listens at the addresses. */
class OpmlTests {

    private static Freshet instance;

    @BeforeAll
    static void start() {
        instance = Freshet.shared(SourceTests.SETTINGS);
    }

    private static Freshet.Reply send(Publisher owner, String opml) {
        return owner.send(HttpMethod.POST, "", opml, "Content-Type", "text/x-opml");
    }

    private static JsonNode sources(Publisher owner) {
        return owner.send(HttpMethod.GET, "", null).json().path("items");
    }

    @Test
    void foldersAndCategoriesBecomeTags() {
        var owner = new Publisher(instance, Role.AUTHOR);
        var reply = send(owner, """
                <?xml version="1.0"?><opml version="1.0"><head><title>Mine</title></head><body>
                <outline text="News"><outline text="Science, daily">
                <outline type="rss" text="One" xmlUrl="http://127.0.2.1:1/1" category="/a/b,c"/></outline></outline>
                <outline title="Two" text="x" XMLURL="http://127.0.2.1:1/2"/>
                <outline text="Again" xmlUrl="http://127.0.2.1:1/1"/>
                <outline text="Not a feed" xmlUrl="file:///etc/passwd"/>
                <outline text="Page" htmlUrl="http://127.0.2.1:1/page"/>
                </body></opml>""");

        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
        assertThat(reply.json().path("created").asInt()).isEqualTo(2);
        assertThat(reply.json().path("existing").asInt()).isEqualTo(1);
        assertThat(reply.json().path("rejected").asInt()).isEqualTo(1);
        assertThat(reply.json().at("/rejections/0/url").asString()).isEqualTo("file:///etc/passwd");
        var sources = sources(owner);
        assertThat(sources.at("/0/name").asString()).isEqualTo("Two");
        assertThat(sources.at("/1/name").asString()).isEqualTo("One");
        assertThat(sources.at("/1/tags").toString()).isEqualTo("[\"News\",\"Science, daily\",\"a\",\"b\",\"c\"]");
    }

    @Test
    void exportedListIsImportedAsItWas() {
        var owner = new Publisher(instance, Role.AUTHOR);
        owner.add("http://127.0.2.1:1/?a=1&b=<2>", ",\"name\":\"<Ä> & \\\"q\\\"\",\"tags\":[\"x, y\",\"/z\",\"a b\"]");
        owner.add("http://127.0.2.1:1/two", "");
        new Publisher(instance, Role.AUTHOR).add("http://127.0.2.1:1/other", "");
        var exported = owner.send(HttpMethod.GET, "", null, "Accept", "text/x-opml");
        assertThat(String.valueOf(exported.headers().getContentType())).startsWith("text/x-opml");
        assertThat(exported.body()).doesNotContain("/other");

        var other = new Publisher(instance, Role.AUTHOR);
        assertThat(send(other, exported.body()).json().path("created").asInt()).isEqualTo(2);
        assertThat(send(other, exported.body()).json().path("existing").asInt()).isEqualTo(2);
        for (var field : new String[] {"url", "name"}) {
            assertThat(sources(other).findValuesAsString(field))
                    .containsExactlyInAnyOrderElementsOf(sources(owner).findValuesAsString(field));
        }
        assertThat(other.send(HttpMethod.GET, "", null).body()).contains("[\"x, y\",\"/z\",\"a b\"]");
    }

    @Test
    void listBeyondTheLimitIsReported() {
        var owner = new Publisher(instance, Role.AUTHOR);
        var opml = new StringBuilder("<opml><body>");
        for (var i = 0; i < 6; i++) {
            opml.append("<outline xmlUrl=\"http://127.0.2.1:1/").append(i).append("\"/>");
        }
        var reply = send(owner, opml.append("</body></opml>").toString()).json();

        assertThat(reply.path("created").asInt()).isEqualTo(4);
        assertThat(reply.at("/rejections/1/reason").asString()).contains("at most 4");
    }

    @Test
    void otherDocumentsAreRefused() {
        var owner = new Publisher(instance, Role.AUTHOR);
        for (var body : new String[] {"", "<rss/>", "text", "<opml/>"}) {
            assertThat(send(owner, body).code()).as(body).isEqualTo(400);
        }
    }
}
