package dev.freshet.content.source;

import static dev.freshet.testing.Freshet.get;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.freshet.content.source.Site.Reply;
import dev.freshet.identity.account.Role;
import dev.freshet.testing.Freshet;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;

/** The processor time of polls. */
class SourceBudgetTests {

    private static final int HOSTS = 100;
    private static final int STEPS = 10;
    private static final int ENTRIES = 5;
    private static final Duration INTERVAL = Duration.ofMinutes(30);

    /**
     * Measures the budget: 15 % of a core for all sources, each polled every 30 min. A tenth of the polls bring an article, as
     * many bring an unchanged document without validators, and all others are answered with 304. The sites are in the same
     * process and count too. Run it alone and warmed up by its first round, as {@code load-tests/README.md} shows.
     */
    @Test
    @EnabledIfSystemProperty(named = "freshet.budget.sources", matches = "\\d+")
    void budgetOfPolls() {
        int count = Integer.getInteger("freshet.budget.sources");
        var sites = IntStream.range(0, HOSTS).mapToObj(i -> new Site()).toList();
        try (var instance = Freshet.start(Map.of(
                "freshet.fetch.allow", "127.0.0.0/8",
                "freshet.sources.max-per-account", "1000000",
                "freshet.sources.interval.host", "0ms"))) {
            var owner = new Publisher(instance, Role.AUTHOR);
            var database = instance.bean(DatabaseClient.class);
            var id = owner.account();
            IntStream.range(0, count).forEach(i -> prepare(sites.get(i % HOSTS), i));
            get(Flux.fromIterable(sites)
                    .concatMap(site -> database.sql("insert into polled_host (host, due_at) values (:host, 'infinity')")
                            .bind("host", host(site))
                            .fetch()
                            .rowsUpdated())
                    .count());
            get(Flux.range(0, count)
                    .concatMap(i -> database.sql("""
                                    insert into polled_source (id, account, name, url, host, tags, period)
                                    values (gen_random_uuid(), :account, 'Site', :url, :host, '[]', 1800)""")
                            .bind("account", id)
                            .bind("url", sites.get(i % HOSTS).url("/" + i))
                            .bind("host", host(sites.get(i % HOSTS)))
                            .fetch()
                            .rowsUpdated())
                    .count());
            // Reads all documents, and warms the machine up.
            pollAll(instance, 1, count);
            pollAll(instance, 2, count);
            var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            var processor = machine.getProcessCpuTime();
            var start = System.nanoTime();
            pollAll(instance, 3, count);
            var used = Duration.ofNanos(machine.getProcessCpuTime() - processor);
            var took = Duration.ofNanos(System.nanoTime() - start);
            var share = (double) used.toMillis() / (double) INTERVAL.toMillis();
            System.out.printf(
                    "%d polls: %d s of processor time in %d s. At one poll per 30 min: %.1f %% of a core.%n",
                    count, used.toSeconds(), took.toSeconds(), 100 * share);

            assertThat(share).isLessThan(0.15);
            assertThat(took).isLessThan(INTERVAL);
        } finally {
            sites.forEach(Site::close);
        }
    }

    private static void prepare(Site site, int number) {
        var polls = new AtomicInteger();
        site.page("/" + number, request -> {
            var poll = polls.incrementAndGet();
            if (number % 10 == 0) {
                return Reply.of(200, feed(number, poll));
            }
            if (number % 10 == 1) {
                return Reply.of(200, feed(number, 0) + "<!-- " + poll + " -->");
            }
            return "\"v1\"".equals(request.headers().get("If-None-Match"))
                    ? Reply.of(304, "", "ETag", "\"v1\"")
                    : Reply.of(200, feed(number, 0), "ETag", "\"v1\"");
        });
    }

    /** Returns a feed of 5 entries of 3,000 characters each. */
    private static String feed(int number, int first) {
        var text = "<summary>" + "All of the words of an entry. ".repeat(100) + "</summary></entry>";
        return IntStream.range(first, first + ENTRIES)
                .mapToObj(i -> "<entry><id>urn:site:" + number + ":" + i + "</id><title>Entry " + i + "</title>" + text)
                .collect(Collectors.joining("", "<feed xmlns=\"http://www.w3.org/2005/Atom\">", "</feed>"));
    }

    private static void pollAll(Freshet instance, int polls, int count) {
        var database = instance.bean(DatabaseClient.class);
        get(database.sql("update polled_source set due_at = now()").fetch().rowsUpdated());
        get(database.sql("update polled_host set due_at = now()").fetch().rowsUpdated());
        instance.bean(PollWorker.class).wake();
        // In steps, since each wait has a limit.
        IntStream.rangeClosed(1, STEPS)
                .forEach(step ->
                        until(() -> get(database.sql("select count(*) from polled_source where polls >= :polls")
                                        .bind("polls", polls)
                                        .mapValue(Long.class)
                                        .one())
                                >= (long) count * step / STEPS));
    }

    private static String host(Site site) {
        return SourceRow.host(URI.create(site.url("/")));
    }
}
