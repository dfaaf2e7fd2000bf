package dev.freshet.read.page;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** Rendered pages in the memory of this instance, valid or not; bounded by bytes. Safe for use by any thread. */
final class LocalPages {

    private final Cache<Query, RenderedPage> pages;

    LocalPages(PageSettings settings, MeterRegistry meters) {
        this.pages = Caffeine.newBuilder()
                .maximumWeight(settings.memory().toBytes())
                .weigher((Query query, RenderedPage page) -> page.size())
                .build();
        Gauge.builder("freshet.page.memory", pages, LocalPages::weight)
                .description("Rendered pages that this instance caches")
                .baseUnit("bytes")
                .register(meters);
    }

    /** Returns the page that was read last; null for none. */
    @Nullable
    RenderedPage get(Query query) {
        return pages.getIfPresent(query);
    }

    void put(Query query, RenderedPage page) {
        pages.put(query, page);
    }

    private static double weight(Cache<Query, RenderedPage> pages) {
        return pages.policy().eviction().stream()
                .mapToLong(eviction -> eviction.weightedSize().orElse(0))
                .sum();
    }
}
