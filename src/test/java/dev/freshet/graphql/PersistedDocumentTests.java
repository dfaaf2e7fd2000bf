package dev.freshet.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.testing.Freshet;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Documents that requests name by their SHA-256. */
class PersistedDocumentTests {

    private static final Freshet INSTANCE = Freshet.shared(Map.of());

    @TempDir
    private static Path folder;

    @Test
    void clientRegistersAnUnknownDocument() {
        var document = "{ registered: me { scopes } }";
        var hash = DigestUtils.sha256Hex(document);
        var path = "/graphql?extensions=" + URLEncoder.encode(extensions(hash), StandardCharsets.UTF_8);

        var unknown = INSTANCE.get(path);
        var registered = new Gql(INSTANCE).send(body(document, hash));
        var known = INSTANCE.get(path);

        assertThat(unknown.json().path("errors").path(0).path("message").asString())
                .isEqualTo("PersistedQueryNotFound");
        assertThat(unknown.json()
                        .path("errors")
                        .path(0)
                        .path("extensions")
                        .path("code")
                        .asString())
                .isEqualTo("PERSISTED_QUERY_NOT_FOUND");
        assertThat(known.body()).isEqualTo(registered.body()).contains("registered");
    }

    @Test
    void otherHashIsRefused() {
        var reply = new Gql(INSTANCE).send(body("{ me { scopes } }", DigestUtils.sha256Hex("other")));

        assertThat(reply.code()).isEqualTo(400);
    }

    @Test
    void invalidDocumentIsNotRegistered() {
        var document = "{ unknown }";
        var hash = DigestUtils.sha256Hex(document);
        new Gql(INSTANCE).send(body(document, hash));

        var reply = new Gql(INSTANCE).send("{\"extensions\": " + extensions(hash) + "}");

        assertThat(reply.body()).contains("PersistedQueryNotFound");
    }

    @Test
    void serverExecutesOnlyDocumentsOfItsList() throws IOException {
        var trusted = "{ feeds { cursor } }";
        var list = Files.writeString(
                folder.resolve("documents.json"), JsonMapper.shared().writeValueAsString(Map.of("Feeds", trusted)));
        try (var instance = Freshet.start(Map.of(
                "freshet.graphql.documents.trusted",
                list.toString(),
                "freshet.graphql.documents.only-trusted",
                "true"))) {
            var client = new Gql(instance);

            var byHash = client.send("{\"extensions\": " + extensions(DigestUtils.sha256Hex(trusted)) + "}");
            assertThat(byHash.json().path("data").path("feeds").path("cursor").asString())
                    .isNotEmpty();
            assertThat(client.data(trusted).path("feeds").has("cursor")).isTrue();
            assertThat(client.post("{ me { scopes } }", Map.of()).code()).isEqualTo(403);
        }
    }

    private static String body(String document, String hash) {
        return "{\"query\": " + JsonMapper.shared().writeValueAsString(document) + ", \"extensions\": "
                + extensions(hash) + "}";
    }

    private static String extensions(String hash) {
        return "{\"persistedQuery\": {\"version\": 1, \"sha256Hash\": \"" + hash + "\"}}";
    }
}
