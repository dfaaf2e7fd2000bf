package dev.freshet.load.streams;

import dev.freshet.load.GraphQlDocuments;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Optional;

/** Subscriptions of Freshet over GraphQL, with ten distinct documents; published as for its own streams. */
record GraphQl(Freshet freshet) implements Peer {

    @Override
    public String name() {
        return "graphql";
    }

    @Override
    public String description() {
        return GraphQlDocuments.COUNT + " distinct documents; " + freshet.description();
    }

    @Override
    public List<Long> processes() {
        return freshet.processes();
    }

    @Override
    public List<Long> others() {
        return freshet.others();
    }

    @Override
    public InetSocketAddress address() {
        return freshet.address();
    }

    @Override
    public String path(String topic) {
        return path(topic, 0);
    }

    @Override
    public String path(String topic, int subscriber) {
        return GraphQlDocuments.events(topic, subscriber);
    }

    @Override
    public HttpRequest publish(String topic, String marker) {
        return freshet.publish(topic, marker);
    }

    @Override
    public Optional<HttpRequest> publishAll(String topic, List<String> markers) {
        return freshet.publishAll(topic, markers);
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        freshet.restart();
    }

    @Override
    public void collectGarbage() throws IOException, InterruptedException {
        freshet.collectGarbage();
    }
}
