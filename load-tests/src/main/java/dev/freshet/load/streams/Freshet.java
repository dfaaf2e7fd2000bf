package dev.freshet.load.streams;

import dev.freshet.load.Buckets;
import dev.freshet.load.FreshetServers;
import dev.freshet.load.Home;
import dev.freshet.load.Jvm;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Freshet, whose publishers write either to the instance with the subscribers or to another one, as most would behind a
 * load balancer.
 *
 * @param body of each article, escaped as in a JSON string
 */
public record Freshet(String name, FreshetServers servers, boolean writesElsewhere, String body) implements Peer {

    /** Creates a peer whose articles have a short body. */
    public Freshet(String name, FreshetServers servers, boolean writesElsewhere) {
        this(name, servers, writesElsewhere, Payload.SHORT_BODY);
    }

    /** Returns the same peer for articles with another body. */
    Freshet withBody(String other) {
        return new Freshet(name, servers, writesElsewhere, other);
    }

    @Override
    public String description() {
        return (writesElsewhere ? "publishers write to another instance; " : "publishers write to it; ")
                + Jvm.description();
    }

    @Override
    public List<Long> processes() {
        return List.of(servers.process());
    }

    @Override
    public List<Long> others() {
        return servers.others();
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", servers.port());
    }

    @Override
    public String path(String topic) {
        return "/api/v1/articles?tag=" + topic;
    }

    @Override
    public HttpRequest publish(String topic, String marker) {
        return to("/api/v1/articles", "application/json")
                .POST(BodyPublishers.ofString(Payload.article(topic, marker, body)))
                .build();
    }

    @Override
    public Optional<HttpRequest> publishAll(String topic, List<String> markers) {
        var lines = markers.stream()
                .map(marker -> Payload.line(topic, marker, body))
                .collect(Collectors.joining());
        return Optional.of(to("/api/v1/imports", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines))
                .build());
    }

    private HttpRequest.Builder to(String path, String type) {
        var port = writesElsewhere ? servers.writerPort() : servers.port();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + servers.token())
                .header("Content-Type", type);
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        servers.restart();
    }

    @Override
    public void collectGarbage() throws IOException, InterruptedException {
        Jvm.collectGarbage(Home.java(), servers.process());
    }

    @Override
    public Buckets deliveryTimes() throws IOException, InterruptedException {
        var times = new Buckets();
        metrics("freshet_delivery_seconds_bucket").forEach(line -> {
            var start = line.indexOf("le=\"") + "le=\"".length();
            times.add(Buckets.bound(line.substring(start, line.indexOf('"', start))), value(line));
        });
        return times;
    }

    @Override
    public double logReads() throws IOException, InterruptedException {
        return metrics("freshet_catchup_reads_total")
                .mapToDouble(Freshet::value)
                .sum();
    }

    /** Returns the lines of a metric of the instance with the subscribers. */
    private Stream<String> metrics(String name) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + servers.port() + "/actuator/prometheus"))
                .header("Authorization", "Bearer " + servers.token())
                .build();
        return Home.HTTP.send(request, BodyHandlers.ofLines()).body().filter(line -> line.startsWith(name));
    }

    private static double value(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ')));
    }
}
