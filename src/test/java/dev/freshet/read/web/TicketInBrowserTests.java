package dev.freshet.read.web;

import static dev.freshet.read.web.Newsroom.NOON;
import static dev.freshet.read.web.Newsroom.article;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.testing.Freshet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;

/** The function in {@code accounts.md} that follows a feed with tickets. */
@InChromium
class TicketInBrowserTests {

    private static final Pattern FUNCTION = Pattern.compile("^```js\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Freshet INSTANCE = Freshet.shared(Map.of("freshet.stream.retry", "100ms"));

    private final String tag = UUID.randomUUID().toString();
    private final String operator = "Bearer " + INSTANCE.token(Role.ADMIN);
    private final Newsroom newsroom = new Newsroom(INSTANCE);

    @Test
    void documentedFunctionContinuesWithNewTickets() throws IOException {
        var reader = INSTANCE.account("reader-" + tag, Role.READER);
        var token = INSTANCE.token(reader, Scope.of(Role.READER));
        send(HttpMethod.PUT, "/api/v1/following/tag/" + tag, "Bearer " + token);
        try (var browser = Chromium.start();
                var context = browser.context()) {
            var page = context.newPage();
            page.navigate(INSTANCE.url() + "/sign-in");
            page.evaluate("""
                    ([code, token]) => {
                      window.events = [];
                      const follow = new Function(`${code}; return followWithTickets;`)();
                      follow(location.origin, async () => token, (type, event) => events.push(event.article?.title ?? type));
                    }
                    """, new Object[] {function(), token});
            await(page, "live");
            newsroom.publish(article("One", NOON, tag));
            await(page, "live", "One");
            closeStream(reader);
            newsroom.publish(article("Two", NOON, tag));
            await(page, "live", "One", "Two", "live");
            closeStream(reader);
            await(page, "live", "One", "Two", "live", "live");
            newsroom.publish(article("Three", NOON, tag));
            await(page, "live", "One", "Two", "live", "live", "Three");
        }
    }

    private static String function() throws IOException {
        var match = FUNCTION.matcher(Files.readString(Path.of("src/docs/accounts.md")));
        assertThat(match.find()).isTrue();
        return match.group(1);
    }

    private static void await(Page page, String... events) {
        Chromium.await(page, "count => events.length >= count", events.length);
        assertThat(page.evaluate("() => events.join()")).isEqualTo(String.join(",", events));
    }

    private void closeStream(UUID account) {
        var streams = INSTANCE.get("/api/v1/streams?limit=1000", "Authorization", operator)
                .json()
                .path("items")
                .valueStream()
                .filter(stream -> stream.path("principal").asString("").equals(account.toString()))
                .map(stream -> stream.path("id").asString())
                .toList();
        assertThat(streams).hasSize(1);
        send(HttpMethod.DELETE, "/api/v1/streams/" + streams.getFirst(), operator);
    }

    private static void send(HttpMethod method, String path, String authorization) {
        var reply = Freshet.get(INSTANCE.send(method, path, null, "Authorization", authorization));
        assertThat(reply.code()).as(path).isEqualTo(204);
    }
}
