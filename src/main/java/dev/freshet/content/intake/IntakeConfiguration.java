package dev.freshet.content.intake;

import dev.freshet.content.article.ArticleImport;
import dev.freshet.content.article.ArticleStatistics;
import dev.freshet.content.article.StrictJson;
import dev.freshet.platform.outbound.Fetcher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Configures imports. They share as many threads as there are processors. */
@Configuration(proxyBeanMethods = false)
class IntakeConfiguration {

    private static final int MAX_QUEUED_TASKS = 1000;
    private static final int IDLE_SECONDS = 60;

    /** Threads for parsing documents and HTML. They may block, because the libraries load classes and resources. */
    @Bean(destroyMethod = "dispose")
    Scheduler importReaders() {
        return Schedulers.newBoundedElastic(
                Runtime.getRuntime().availableProcessors(), MAX_QUEUED_TASKS, "intake", IDLE_SECONDS, true);
    }

    @Bean
    ImportReader importReader(ImportSettings settings, Scheduler importReaders, Fetcher fetcher, StrictJson json) {
        return new ImportReader(settings, importReaders, fetcher, json);
    }

    @Bean
    Importer importer(
            ArticleImport articles, ArticleStatistics statistics, ImportSettings settings, Scheduler importReaders) {
        var batches = new TimedBatches(
                settings.batchEntries(), settings.batchSize().toBytes(), settings.batchWait(), Schedulers.parallel());
        return new Importer(articles, statistics, batches, importReaders, settings.rejectionLimit());
    }
}
