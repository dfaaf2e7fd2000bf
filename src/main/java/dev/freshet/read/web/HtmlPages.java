package dev.freshet.read.web;

import dev.freshet.platform.http.Representation;
import dev.freshet.read.page.FeedPage;
import dev.freshet.read.page.PageQuery;
import dev.freshet.read.page.PageRenderer;

/** Pages of feeds as HTML. */
final class HtmlPages implements PageRenderer {

    private final Templates templates;
    private final String assets;

    HtmlPages(Templates templates, String assets) {
        this.templates = templates;
        this.assets = assets;
    }

    @Override
    public Representation representation() {
        return Representation.HTML;
    }

    @Override
    public byte[] render(PageQuery query, FeedPage page) {
        var view = FeedView.of(assets, query.feed(), query.before() == null, page);
        return templates.render("feed", view);
    }
}
