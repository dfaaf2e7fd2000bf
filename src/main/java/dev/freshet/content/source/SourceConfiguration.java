package dev.freshet.content.source;

import dev.freshet.content.article.StrictJson;
import dev.freshet.content.intake.Importer;
import dev.freshet.identity.account.Accounts;
import dev.freshet.platform.outbound.DocumentFetcher;
import dev.freshet.platform.outbound.Poster;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/** Creates the sources, and the worker that polls them. */
@Configuration(proxyBeanMethods = false)
class SourceConfiguration {

    @Bean
    SourceCodec sourceCodec(JsonMapper json) {
        return new SourceCodec(json);
    }

    @Bean
    SourceMeters sourceMeters(MeterRegistry registry) {
        return new SourceMeters(registry);
    }

    @Bean
    PollResources pollResources(
            Accounts accounts,
            DocumentFetcher documents,
            Importer importer,
            StrictJson json,
            @Qualifier("importReaders") Scheduler readers,
            SourceSettings settings) {
        return new PollResources(accounts, documents, new FeedReader(json, readers), importer, settings);
    }

    @Bean
    Hubs hubs(HubRepository repository, Poster poster, @Value("${freshet.pages.public-url:}") String publicUrl) {
        return new Hubs(repository, poster, publicUrl.isBlank() ? null : URI.create(publicUrl));
    }

    @Bean
    PollServices pollServices(
            HostRepository hosts,
            PollRepository polls,
            PollResources resources,
            SourceCodec codec,
            SourceMeters meters,
            Hubs hubs) {
        var schedule = new PollSchedule(
                resources.settings().interval(),
                () -> ThreadLocalRandom.current().nextDouble());
        var reports = new Reports(schedule, codec, resources.settings().failingAfter());
        return new PollServices(hosts, polls, resources, reports, codec, meters, hubs);
    }

    @Bean
    PollWorker pollWorker(PollServices services, SourceStateRepository states) {
        return new PollWorker(services, states);
    }

    @Bean
    Sources sources(
            SourceRepository repository,
            PollLogRepository polls,
            Accounts accounts,
            TransactionalOperator transactions,
            SourceCodec codec,
            SourceSettings settings,
            PollWorker worker) {
        return new Sources(new Sources.Resources(repository, polls, accounts, transactions, codec, settings), worker);
    }
}
