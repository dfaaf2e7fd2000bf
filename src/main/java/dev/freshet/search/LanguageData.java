package dev.freshet.search;

import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/**
 * Loads dictionaries and stemmers while the other components are created, and completes before the first request. The
 * first use would read them from files, and that may be on an event loop.
 */
@Component
final class LanguageData implements SmartInitializingSingleton {

    private final CompletableFuture<Void> loaded = CompletableFuture.runAsync(SearchVector::loadLanguages);

    @Override
    public void afterSingletonsInstantiated() {
        loaded.join();
    }
}
