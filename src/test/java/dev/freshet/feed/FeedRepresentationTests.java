package dev.freshet.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Role;
import dev.freshet.platform.http.Representation;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Freshet.Reply;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contract of all representations of a feed, as clients see it. */
class FeedRepresentationTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TAG = "contract-" + UUID.randomUUID();
    private static final String REPLAY = "&since=earliest&follow=false";
    private static final String SECRET = "Confidential";
    private static final Pattern URN = Pattern.compile("<(?:id|guid[^>]*)>urn:uuid:([0-9a-f-]{36})<");
    private static final Pattern LIST_ITEM = Pattern.compile("data-id=\"([0-9a-f-]{36})\"");

    /** Headers that depend on the time or the place of a page, and not on its content. */
    private static final Set<String> VOLATILE = Set.of("date", "age", "cache-status", "last-modified");

    private static Freshet instance;
    private static String token;

    private static String first;
    private static String second;
    private static String third;

    @BeforeAll
    static void publish() {
        instance = Freshet.shared(Map.of());
        token = instance.token(Role.AUTHOR);
        first = create("Heron by the river", TAG, "Ann Ward", "Gauge", "published");
        second = create("Otter", TAG, "Bea Lund", "Gauge", "published");
        var withdrawn = create(SECRET + " report", TAG, "Ann Ward", "Gauge", "published");
        third = create("Heron in the reeds", TAG, "Ann Ward", "Weir", "published");
        create("Otter elsewhere", TAG + "-other", "Ann Ward", "Gauge", "published");
        create(SECRET + " draft", TAG, "Ann Ward", "Gauge", "draft");
        assertThat(Freshet.get(instance.send(
                                HttpMethod.DELETE,
                                "/api/v1/articles/" + withdrawn,
                                null,
                                "If-Match",
                                "*",
                                "Authorization",
                                "Bearer " + token))
                        .code())
                .isEqualTo(204);
    }

    private static String create(String title, String tag, String author, String source, String status) {
        var draft = JSON.writeValueAsString(Map.of(
                "title", title,
                "body", "A text about a " + title + ".",
                "tags", List.of(tag),
                "author", author,
                "source", source,
                "status", status));
        return Freshet.get(
                        instance.send(HttpMethod.POST, "/api/v1/articles", draft, "Authorization", "Bearer " + token))
                .text("id");
    }

    static Stream<Arguments> filters() {
        return representations()
                .flatMap(representation -> Stream.of(
                        Arguments.of(representation, "", List.of(third, second, first)),
                        Arguments.of(representation, "&author=Ann+Ward", List.of(third, first)),
                        Arguments.of(representation, "&source=Gauge", List.of(second, first)),
                        Arguments.of(representation, "&author=Ann+Ward&source=Gauge", List.of(first)),
                        Arguments.of(representation, "&q=reeds", List.of(third)),
                        Arguments.of(representation, "&author=Nobody", List.of())));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void filter_selectsTheSameArticlesInTheSameOrder(Representation representation, String filter, List<String> ids) {
        var reply = get(representation, filter);
        assertThat(reply.code()).isEqualTo(200);
        assertThat(ids(representation, reply.body())).isEqualTo(ids);
    }

    @ParameterizedTest
    @MethodSource("representations")
    void unpublishedContent_isNeverShown(Representation representation) {
        for (var filter : List.of("", "&author=Ann+Ward", "&fields=full", "&q=report")) {
            assertThat(get(representation, filter).body()).as(filter).doesNotContain(SECRET);
        }
    }

    @ParameterizedTest
    @MethodSource("negotiated")
    void acceptHeader_selectsTheRepresentation(Representation representation) {
        var type = representation.mediaType();
        var reply = instance.get("/api/v1/articles?follow=false&tag=" + TAG, "Accept", type.toString());
        assertThat(reply.code()).isEqualTo(200);
        assertThat(type.isCompatibleWith(reply.headers().getContentType())).isTrue();
        assertThat(reply.headers().getVary()).contains("Accept");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void unchangedPage_isNotSentAgain(Representation page) {
        var tag = get(page, "&author=Bea+Lund").etag();

        var unchanged = get(page, "&author=Bea+Lund", "If-None-Match", tag);
        assertThat(unchanged.code()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();
        assertThat(unchanged.etag()).isEqualTo(tag);
        assertThat(get(page, "&author=Bea+Lund", "If-None-Match", "\"other\"").code())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void changedPage_hasAnotherTag(Representation page) {
        var author = UUID.randomUUID().toString();
        var address = address(page, "&author=" + author).replace(TAG, TAG + "-changed");
        var empty = instance.get(address).etag();

        var id = create("Kingfisher", TAG + "-changed", author, "Gauge", "published");

        var changed = instance.get(address, "If-None-Match", empty);
        assertThat(changed.code()).isEqualTo(200);
        assertThat(ids(page, changed.body())).containsExactly(id);
        assertThat(changed.etag()).isNotEqualTo(empty);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void head_hasTheHeadersOfGet(Representation page) {
        var address = address(page, "");
        var head = Freshet.get(instance.send(HttpMethod.HEAD, address, null));
        assertThat(head.code()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(lasting(head)).isEqualTo(lasting(instance.get(address)));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"SSE", "NDJSON"})
    void headOfAStream_hasTheHeadersOfGet(Representation stream) {
        var head = Freshet.get(instance.send(HttpMethod.HEAD, address(stream, ""), null));
        assertThat(head.code()).isEqualTo(200);
        assertThat(stream.mediaType().isCompatibleWith(head.headers().getContentType()))
                .isTrue();
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("representations")
    void invalidParameter_is400(Representation representation) {
        var specific = representation.isStream()
                ? List.of("&since=yesterday", "&follow=x", "&fields=title")
                : List.of("&before=x", "&cursor=x");
        Stream.concat(specific.stream(), Stream.of("&author=" + "x".repeat(501), "&q=%00", "&following=x"))
                .forEach(parameter -> {
                    var reply = instance.get(address(representation, "").replace(REPLAY, "") + parameter);
                    assertThat(reply.code()).as(parameter).isEqualTo(400);
                    assertThat(reply.headers().getFirst("Content-Type"))
                            .startsWith(
                                    representation == Representation.HTML ? "text/html" : "application/problem+json");
                });
    }

    @Test
    void unknownRepresentation_isRefused() {
        assertThat(instance.get("/api/v1/articles", "Accept", "image/png").code())
                .isEqualTo(406);
        assertThat(instance.get("/api/v1/articles?format=png").code()).isEqualTo(400);
    }

    static Stream<Representation> representations() {
        return Stream.concat(negotiated(), Stream.of(Representation.HTML));
    }

    static Stream<Representation> negotiated() {
        return Representation.OF_FEEDS.stream();
    }

    static Stream<Representation> pages() {
        return representations().filter(each -> !each.isStream());
    }

    private static Reply get(Representation representation, String parameters, String... headers) {
        return instance.get(address(representation, parameters), headers);
    }

    private static String address(Representation representation, String parameters) {
        var path = representation == Representation.HTML
                ? "/?"
                : Representation.FEED_PATH + "?format=" + representation + "&";
        var replay = representation.isStream() ? REPLAY : "";
        return path + "tag=" + TAG + parameters + replay;
    }

    /** Returns the ids of the articles in a body, newest first. */
    private static List<String> ids(Representation representation, String body) {
        return switch (representation) {
            case JSON ->
                JSON.readTree(body)
                        .path("items")
                        .valueStream()
                        .map(FeedRepresentationTests::id)
                        .toList();
            case JSON_FEED ->
                JSON.readTree(body)
                        .path("items")
                        .valueStream()
                        .map(item -> id(item).substring("urn:uuid:".length()))
                        .toList();
            case ATOM, RSS -> matches(URN, body);
            case HTML -> matches(LIST_ITEM, body);
            case SSE ->
                articles(body.lines().filter(line -> line.startsWith("data:")).map(line -> line.substring(5)));
            case NDJSON -> articles(body.lines());
            case OPML -> throw new AssertionError("Not a representation of a feed");
        };
    }

    private static String id(JsonNode item) {
        return item.path("id").asString();
    }

    /** Returns the articles that a client has after these events. */
    private static List<String> articles(Stream<String> events) {
        var ids = new LinkedHashSet<String>();
        events.filter(event -> event.startsWith("{"))
                .map(JSON::readTree)
                .filter(event -> event.has("article"))
                .forEach(event -> {
                    var id = id(event.path("article"));
                    if (event.path("type").asString().equals("article.withdrawn")) {
                        ids.remove(id);
                    } else {
                        ids.add(id);
                    }
                });
        return List.copyOf(ids).reversed();
    }

    private static List<String> matches(Pattern pattern, String body) {
        return pattern.matcher(body).results().map(match -> match.group(1)).toList();
    }

    private static Map<String, List<String>> lasting(Reply reply) {
        var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        reply.headers().forEach((name, values) -> {
            if (!VOLATILE.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, values);
            }
        });
        return headers;
    }
}
