package dev.freshet.content.article;

import dev.freshet.identity.admin.FirstAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Imports sample articles into an empty database. */
@Component
class Samples implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Samples.class);
    private static final Duration INTERVAL = Duration.ofMinutes(7);

    private final ArticleImport articles;
    private final FirstAccount firstAccount;
    private final ArticleStore store;
    private final ArticleSettings settings;
    private final SortedMap<String, String> texts;
    private @Nullable Disposable running;

    Samples(ArticleImport articles, FirstAccount firstAccount, ArticleStore store, ArticleSettings settings) {
        this.articles = articles;
        this.firstAccount = firstAccount;
        this.store = store;
        this.settings = settings;
        this.texts = settings.samples() ? read() : Collections.emptySortedMap();
    }

    @Override
    public synchronized void start() {
        running = settings.samples()
                ? load().subscribe(count -> {}, error -> log.warn("Loading the sample articles failed", error))
                : () -> {};
    }

    @Override
    public synchronized void stop() {
        if (running != null) {
            running.dispose();
            running = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }

    /** Loads the samples unless an article exists. Concurrent instances import the same articles, which changes nothing. */
    Mono<Long> load() {
        return store.isEmpty()
                .filter(empty -> empty)
                .flatMap(empty -> firstAccount.ensure())
                .flatMap(account -> articles.importAll(account, samples(account.createdAt()))
                        .count());
    }

    /** Returns the samples, with times before the end. All instances use the same end, so that they import the same. */
    private List<ImportedArticle> samples(Instant end) {
        var time = end.truncatedTo(ChronoUnit.MICROS).minus(INTERVAL.multipliedBy(texts.size()));
        var samples = new ArrayList<ImportedArticle>();
        for (var text : texts.entrySet()) {
            time = time.plus(INTERVAL);
            samples.add(sample(samples.size() + 1, text.getKey(), text.getValue(), time));
        }
        return samples;
    }

    private static SortedMap<String, String> read() {
        try {
            var files = new PathMatchingResourcePatternResolver().getResources("classpath:samples/*.md");
            var texts = new TreeMap<String, String>();
            for (var file : files) {
                texts.put(String.valueOf(file.getFilename()), file.getContentAsString(StandardCharsets.UTF_8));
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parses a sample: a heading with the title, a line of tags, and the body. */
    private static ImportedArticle sample(int line, String name, String text, Instant time) {
        var parts = text.split("\n\n", 3);
        var draft = new ArticleDraft(
                parts[0].replaceFirst("# ", ""),
                null,
                null,
                parts[2],
                List.of(parts[1].replaceFirst("Tags: ", "").split(", ")),
                null,
                null,
                null,
                null,
                time,
                null,
                null,
                null);
        return new ImportedArticle(line, "urn:freshet:sample:" + name, draft);
    }
}
