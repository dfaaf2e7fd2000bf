package dev.freshet.load.chaos;

import dev.freshet.load.Pause;
import dev.freshet.load.chaos.Oracle.Acknowledged;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publishes, updates and withdraws articles, one request at a time. It repeats each request until it gets a response: a
 * new article with its Idempotency-Key, an update with the version that it replaces.
 */
final class Publisher {

    /** The number of tags and of authors: large enough that feeds differ, small enough that they overlap. */
    static final int TAGS = 8;

    static final int AUTHORS = 5;

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final JsonMapper JSON = new JsonMapper();

    private final String name;
    private final URI server;
    private final String token;
    private final HttpClient http;
    private final Random random;
    private final Duration pace;
    private final List<Article> articles = new ArrayList<>();
    private final List<Acknowledged.Change> acknowledged = new ArrayList<>();
    private final Thread thread;
    private int written;
    private int retries;
    private volatile boolean stopped;
    private volatile @Nullable String failure;

    private record Article(String id, long version) {}

    /** @param pace the delay between two requests */
    Publisher(String name, int port, String token, HttpClient http, Duration pace, long seed) {
        this.name = name;
        this.server = URI.create("http://localhost:" + port + "/api/v1/articles");
        this.token = token;
        this.http = http;
        this.pace = pace;
        this.random = new Random(seed);
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    private void run() {
        try {
            while (!stopped) {
                var die = random.nextInt(100);
                if (articles.isEmpty() || die < 55) {
                    create();
                } else if (die < 85) {
                    change(random.nextInt(articles.size()));
                } else {
                    withdraw(random.nextInt(articles.size()));
                }
                Pause.of(pace);
            }
        } catch (InterruptedException e) {
            failure = name + " never got a response";
        } catch (RuntimeException e) {
            failure = name + " failed: " + e;
        }
    }

    private void create() throws InterruptedException {
        var number = written++;
        var request = request("", "POST", draft(number, true))
                .header("Idempotency-Key", name + "-" + number)
                .header("Content-Type", "application/json");
        var answer = send(request, Set.of());
        var id = JSON.readTree(answer.body()).path("id").asString();
        articles.add(new Article(id, 1));
        acknowledged.add(new Acknowledged.Change(LogRow.PUBLISHED, id));
    }

    private void change(int index) throws InterruptedException {
        var article = articles.get(index);
        var request = request("/" + article.id(), "PATCH", draft(written++, false))
                .header("If-Match", "\"" + article.version() + "\"")
                .header("Content-Type", "application/merge-patch+json");
        // No other client changes this article, so a stale version means that the repeated request succeeded before.
        send(request, Set.of(412));
        articles.set(index, new Article(article.id(), article.version() + 1));
        acknowledged.add(new Acknowledged.Change(LogRow.UPDATED, article.id()));
    }

    private void withdraw(int index) throws InterruptedException {
        var article = articles.remove(index);
        var request = request("/" + article.id(), "DELETE", "").header("If-Match", "\"" + article.version() + "\"");
        send(request, Set.of(410));
        acknowledged.add(new Acknowledged.Change(LogRow.WITHDRAWN, article.id()));
    }

    private String draft(int number, boolean isNew) {
        var tags = IntStream.range(0, TAGS)
                .filter(tag -> random.nextInt(3) == 0)
                .mapToObj(tag -> "t" + tag)
                .toList();
        var draft = JSON.createObjectNode()
                .put("title", name + " " + number)
                .put("body", "Number *" + number + "*. " + "Lorem ipsum. ".repeat(random.nextInt(40)))
                .put("author", "a" + random.nextInt(AUTHORS));
        tags.forEach(draft.putArray("tags")::add);
        return (isNew ? draft.put("status", "published") : draft).toString();
    }

    private HttpRequest.Builder request(String path, String method, String body) {
        return HttpRequest.newBuilder(URI.create(server + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    }

    /** @param done the statuses that mean, from the second attempt on, that an earlier attempt succeeded */
    private HttpResponse<String> send(HttpRequest.Builder request, Set<Integer> done) throws InterruptedException {
        for (var again = false; ; again = true) {
            try {
                var answer = http.send(request.build(), BodyHandlers.ofString());
                if (answer.statusCode() / 100 == 2 || (again && done.contains(answer.statusCode()))) {
                    return answer;
                }
                if (answer.statusCode() < 500 && answer.statusCode() != 429) {
                    throw new IllegalStateException(
                            request.build() + " got " + answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                // No response: the outcome is unknown.
            }
            retries++;
            Pause.upTo(Duration.ofMillis(300), random);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** Waits a while for the publisher to finish its article; returns the acknowledged changes. */
    Acknowledged stop(Duration timeout) throws InterruptedException {
        stopped = true;
        if (!thread.join(timeout)) {
            thread.interrupt();
            thread.join();
        }
        return new Acknowledged(name, acknowledged);
    }

    /** Returns the reason for which the publisher failed, or null. */
    @Nullable
    String failure() {
        return failure;
    }

    int retries() {
        return retries;
    }
}
