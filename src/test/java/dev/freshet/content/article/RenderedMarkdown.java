package dev.freshet.content.article;

/** Renders bodies for tests of other packages. */
public final class RenderedMarkdown {

    private RenderedMarkdown() {}

    public static String html(String markdown) {
        return Markdown.render(markdown, false).html();
    }
}
