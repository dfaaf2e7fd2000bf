package dev.freshet.content.queue;

import dev.freshet.platform.Periodic;
import java.util.List;
import java.util.TreeMap;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.context.SmartLifecycle;

/** The queues of this instance. Operators see their states at {@code /actuator/info}. */
final class Queues implements SmartLifecycle, InfoContributor {

    private final List<QueueRunner> runners;
    private final Periodic expiry;
    private volatile boolean running;

    Queues(List<QueueRunner> runners, Periodic expiry) {
        this.runners = List.copyOf(runners);
        this.expiry = expiry;
    }

    @Override
    public void contribute(Info.Builder builder) {
        if (!runners.isEmpty()) {
            var details = new TreeMap<String, Object>();
            runners.forEach(runner -> details.put(runner.name(), runner.status().details()));
            builder.withDetail("queues", details);
        }
    }

    /** Returns the status of a queue, which must exist. */
    QueueStatus status(String name) {
        return runners.stream()
                .filter(runner -> runner.name().equals(name))
                .findFirst()
                .orElseThrow()
                .status();
    }

    @Override
    public void start() {
        running = true;
        if (!runners.isEmpty()) {
            expiry.start();
            runners.forEach(QueueRunner::start);
        }
    }

    /** Ends the consumers. A batch that is not acknowledged will be delivered again. */
    @Override
    public void stop() {
        running = false;
        expiry.stop();
        runners.forEach(QueueRunner::interrupt);
        try {
            for (var runner : runners) {
                runner.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
