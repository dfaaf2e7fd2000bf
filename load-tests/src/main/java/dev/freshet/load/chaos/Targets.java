package dev.freshet.load.chaos;

import dev.freshet.load.chaos.Oracle.Account;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The targets of subscriptions: webhooks, topics and queues. */
final class Targets {

    private final Brokers brokers;
    private final List<Target> targets = new ArrayList<>();
    private int webhooks;
    private int repeated;

    Targets(Brokers brokers) {
        this.brokers = brokers;
    }

    /** Creates the webhooks, and a subscription for each target. */
    void subscribe(int port, String token, int count, Random random) throws IOException, InterruptedException {
        webhooks = count;
        for (var i = 0; i < count; i++) {
            targets.add(new Webhook("webhook-" + i, Feed.of(i), random.nextLong()));
        }
        for (var i = 0; i < brokers.topics().size(); i++) {
            targets.add(new KafkaTopic(brokers.topics().get(i), Feed.of(i + 1), brokers.kafka()));
        }
        for (var i = 0; i < brokers.queues().size(); i++) {
            targets.add(new RabbitMqQueue(brokers.queues().get(i), Feed.of(i + 1), brokers.rabbitMq()));
        }
        for (var target : targets) {
            target.subscribe(port, token);
        }
    }

    /** Returns the events that each target received, after all are delivered, and closes the targets. */
    List<Account> finish(Oracle oracle) throws IOException {
        var accounts = new ArrayList<Account>();
        for (var target : targets) {
            var deliveries = target.deliveries();
            var received = deliveries.received();
            repeated += deliveries.repeated();
            accounts.add(new Account(
                    target.name(),
                    target.feed(),
                    null,
                    0,
                    target instanceof KafkaTopic ? oracle.ordered(received) : received));
            target.close();
        }
        return accounts;
    }

    /** Returns the number of events that arrived again. */
    int repeated() {
        return repeated;
    }

    @Override
    public String toString() {
        return "%d webhooks, %d topics and %d queues"
                .formatted(webhooks, brokers.topics().size(), brokers.queues().size());
    }
}
