package dev.freshet.platform.embedded;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * Properties with the URLs of servers that are starting. Reading one waits for its server, so that the application is
 * prepared beside the servers as far as it does not need them.
 */
final class PendingUrls extends EnumerablePropertySource<Map<String, CompletableFuture<@Nullable String>>> {

    PendingUrls(Map<String, CompletableFuture<@Nullable String>> urls) {
        super("embeddedStores", urls);
    }

    @Override
    public String[] getPropertyNames() {
        return source.keySet().toArray(String[]::new);
    }

    /** @throws dev.freshet.platform.StartupFailure if the server does not start */
    @Override
    public @Nullable Object getProperty(String name) {
        CompletableFuture<@Nullable String> url = source.get(name);
        try {
            return url == null ? null : url.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }
}
