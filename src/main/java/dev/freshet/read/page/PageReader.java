package dev.freshet.read.page;

import dev.freshet.platform.http.Representation;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Reads the result of a query from the store, and renders it. */
final class PageReader implements Function<Query, Mono<RenderedPage>> {

    private final FeedPages pages;
    private final FeedDirectory directory;
    private final DirectoryRenderer directories;
    private final Map<Representation, PageRenderer> renderers = new EnumMap<>(Representation.class);

    PageReader(FeedPages pages, FeedDirectory directory, DirectoryRenderer directories, List<PageRenderer> renderers) {
        this.pages = pages;
        this.directory = directory;
        this.directories = directories;
        for (var renderer : renderers) {
            if (this.renderers.put(renderer.representation(), renderer) != null) {
                throw new IllegalStateException("Two PageRenderers render " + renderer.representation());
            }
        }
    }

    /** Returns the representations that have a renderer. */
    Set<Representation> representations() {
        return Collections.unmodifiableSet(renderers.keySet());
    }

    @Override
    public Mono<RenderedPage> apply(Query query) {
        return switch (query) {
            case PageQuery page -> page(page);
            case DirectoryQuery part -> directory(part);
        };
    }

    private Mono<RenderedPage> page(PageQuery query) {
        var renderer = Objects.requireNonNull(renderers.get(query.representation()));
        return read(query)
                .map(page -> RenderedPage.of(
                        page.cursor(),
                        page.changedAt(),
                        page.period(),
                        page.next() == null ? null : query.from(page.next()).address(),
                        query.isFirst(),
                        renderer.render(query, page)));
    }

    /** Reads a page, and renders those of its articles that have these ids. */
    Mono<RenderedPage> changes(PageQuery query, Set<UUID> ids) {
        var renderer = Objects.requireNonNull(renderers.get(query.representation()));
        return read(query).map(page -> {
            var delta = page.only(ids);
            return RenderedPage.of(
                    page.cursor(), page.changedAt(), PublicationPeriod.ALL, null, false, renderer.render(query, delta));
        });
    }

    // Off the event loop, since rendering and compression take time that grows with the page.
    private Mono<FeedPage> read(PageQuery query) {
        return pages.read(
                        query.feed(),
                        query.before(),
                        query.limit(),
                        query.fields().content(),
                        // A reader of a feed that is ordered by rank would miss new articles.
                        !query.representation().isSyndicated())
                .publishOn(Schedulers.parallel());
    }

    private Mono<RenderedPage> directory(DirectoryQuery query) {
        return directory
                .read(query)
                .publishOn(Schedulers.parallel())
                .map(part -> RenderedPage.of(
                        part.cursor(),
                        part.changedAt(),
                        PublicationPeriod.ALL,
                        part.next(query),
                        query.isFirst(),
                        directories.render(query, part)));
    }
}
