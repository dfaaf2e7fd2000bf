package dev.freshet.delivery;

import dev.freshet.feed.FeedSettings;
import dev.freshet.identity.account.Accounts;
import dev.freshet.log.feedlog.FeedLog;
import dev.freshet.platform.trace.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** Creates the subscriptions, the worker that delivers them, and their types of targets. */
@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {

    @Bean
    SubscriptionParser subscriptionParser(JsonMapper json, List<TargetType> types) {
        return new SubscriptionParser(json, types);
    }

    @Bean
    SubscriptionMeters subscriptionMeters(MeterRegistry registry) {
        return new SubscriptionMeters(registry);
    }

    @Bean
    DeliveryWorker deliveryWorker(
            ClaimRepository claims,
            StateRepository states,
            FeedLog feedLog,
            SubscriptionParser parser,
            SubscriptionSettings settings,
            SubscriptionMeters meters,
            Tracing tracing) {
        return new DeliveryWorker(new DeliveryResources(
                claims, states, new EventReader(feedLog, Schedulers.parallel()), parser, settings, meters, tracing));
    }

    @Bean
    Subscriptions.Resources subscriptionResources(
            SubscriptionRepository repository,
            Accounts accounts,
            FeedLog feedLog,
            FeedSettings feeds,
            TransactionalOperator transactions) {
        return new Subscriptions.Resources(repository, accounts, feedLog, feeds, transactions);
    }

    @Bean
    Subscriptions subscriptions(
            Subscriptions.Resources resources,
            SubscriptionParser parser,
            SubscriptionSettings settings,
            DeliveryWorker worker) {
        return new Subscriptions(resources, parser, settings, worker);
    }

    @Bean
    ExternalSubscriptions externalSubscriptions(
            ExternalSubscriptionRepository repository, SubscriptionParser parser, DeliveryWorker worker) {
        return new ExternalSubscriptions(repository, parser, worker);
    }

    @Bean
    DirectDeliveries directDeliveries(
            Subscriptions subscriptions,
            RejectedEventRepository repository,
            SubscriptionParser parser,
            FeedLog feedLog) {
        return new DirectDeliveries(subscriptions, repository, parser, feedLog);
    }
}
