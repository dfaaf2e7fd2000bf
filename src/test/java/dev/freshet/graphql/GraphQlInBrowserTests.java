package dev.freshet.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import dev.freshet.identity.account.Role;
import dev.freshet.read.web.Chromium;
import dev.freshet.read.web.InChromium;
import dev.freshet.testing.Freshet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** GraphiQL, and the script of {@code graphql.md}. */
@InChromium
class GraphQlInBrowserTests {

    private static final Pattern SCRIPT = Pattern.compile("^```js\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Freshet INSTANCE = Freshet.shared(Map.of("freshet.graphql.graphiql", "true"));
    private static final String EDITOR = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror";

    private final String token = INSTANCE.token(Role.AUTHOR);
    private final String title = "Article " + UUID.randomUUID();

    @Test
    void mutationInOneTabArrivesInAnother() {
        try (var browser = Chromium.start();
                var context = browser.context()) {
            var reader = graphiql(context);
            run(reader, "subscription { events(announce: true) { type article { title } } }");
            response(reader, "LIVE");
            var author = graphiql(context);
            author.getByText("Headers", new Page.GetByTextOptions().setExact(true))
                    .click();
            author.evaluate(
                    "([token]) => document.querySelectorAll('.graphiql-editor-tool .CodeMirror')"
                            + ".forEach((editor, i) => i === 1 && editor.CodeMirror.setValue(token))",
                    new Object[] {"{\"Authorization\": \"Bearer " + token + "\"}"});

            run(
                    author,
                    "mutation { createArticle(input: {title: \"" + title
                            + "\", status: PUBLISHED}) { article { version } } }");

            response(author, "version");
            response(reader, title);
            run(author, "{ articles(first: 10) { nodes { title } } }");
            response(author, title);
        }
    }

    @Test
    void documentationComesFromTheSchema() {
        try (var browser = Chromium.start();
                var context = browser.context()) {
            var page = graphiql(context);

            page.getByLabel("Show Documentation Explorer").click();
            page.getByText("Mutation", new Page.GetByTextOptions().setExact(true))
                    .first()
                    .click();

            page.getByText("A request has one of these fields at most.").first().waitFor();
        }
    }

    @Test
    void documentedScriptReceivesEvents() throws IOException {
        var script = SCRIPT.matcher(Files.readString(Path.of("src/docs/graphql.md")));
        assertThat(script.find()).isTrue();
        try (var browser = Chromium.start();
                var context = browser.context()) {
            var page = context.newPage();
            page.navigate(INSTANCE.url() + "/sign-in");
            page.evaluate("code => { window.stream = new Function(`${code}; return events;`)(); }", script.group(1));
            Chromium.await(page, "state => stream.readyState === state", 1);

            var message = page.waitForConsoleMessage(
                    new Page.WaitForConsoleMessageOptions().setPredicate(this::hasTitle), this::publish);

            assertThat(message.type()).isEqualTo("log");
        }
    }

    private boolean hasTitle(ConsoleMessage message) {
        return message.args().stream()
                .anyMatch(argument -> String.valueOf(argument.jsonValue()).contains(title));
    }

    private void publish() {
        new Gql(INSTANCE, token)
                .data(
                        "mutation($title: String!) { createArticle(input: {title: $title, status: PUBLISHED}) { id } }",
                        Map.of("title", title));
    }

    private static Page graphiql(BrowserContext context) {
        var page = context.newPage();
        page.navigate(INSTANCE.url() + "/graphiql");
        page.waitForSelector(".graphiql-query-editor .CodeMirror");
        return page;
    }

    private static void run(Page page, String document) {
        page.evaluate("text => " + EDITOR + ".setValue(text)", document);
        // The page parses the document a moment later. Until then, the button is for the former one.
        Chromium.await(page, "text => " + EDITOR + ".documentAST?.loc.source.body === text", document);
        page.locator(".graphiql-execute-button").click();
    }

    private static void response(Page page, String text) {
        Chromium.await(
                page,
                "text => Boolean(document.querySelector('.graphiql-response .CodeMirror')?.CodeMirror.getValue().includes(text))",
                text);
    }
}
