package dev.freshet.read.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import dev.freshet.feed.FeedSettings;
import dev.freshet.platform.http.Representation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pages respond in the representations that have a renderer, and in no other. */
class PageRendererTests {

    @Test
    void pagesRespondInRenderedRepresentationsThatAreNegotiated() {
        var handler = handler(Representation.JSON, Representation.ATOM, Representation.HTML);

        assertThat(handler.representations()).containsExactlyInAnyOrder(Representation.JSON, Representation.ATOM);
    }

    @Test
    void missingRendererOfTheHtmlPageEndsTheStart() {
        assertThatThrownBy(() -> handler(Representation.JSON)).hasMessageContaining("html");
    }

    @Test
    void twoRenderersOfOneRepresentationEndTheStart() {
        assertThatThrownBy(() -> handler(Representation.HTML, Representation.JSON, Representation.JSON))
                .hasMessageContaining("json");
    }

    private static PageHandler handler(Representation... rendered) {
        List<PageRenderer> renderers =
                Stream.of(rendered).<PageRenderer>map(Renderer::new).toList();
        var reader = new PageReader(
                mock(FeedPages.class), mock(FeedDirectory.class), mock(DirectoryRenderer.class), renderers);
        return new PageHandler(
                mock(PageRequestParser.class),
                mock(PageResponder.class),
                new FeedSettings(20, 20),
                reader.representations());
    }

    private record Renderer(Representation representation) implements PageRenderer {

        @Override
        public byte[] render(PageQuery query, FeedPage page) {
            return new byte[0];
        }
    }
}
