package dev.freshet.load.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DeliveriesTests {

    private final Deliveries deliveries = new Deliveries();

    private void add(String id, String article) {
        deliveries.add(new JsonMapper()
                .createObjectNode()
                .put("type", "article.updated")
                .put("id", id)
                .put("subject", article));
    }

    private void reset(String cursor) {
        var event = new JsonMapper().createObjectNode().put("type", "reset");
        event.putObject("data").put("cursor", cursor).put("reason", "unknown-history");
        deliveries.add(event);
    }

    private List<String> positions() {
        return deliveries.received().stream()
                .map(event -> event.at().toString())
                .toList();
    }

    @Test
    void eventsThatArriveAgainAreCounted() {
        add("1-1", "a");
        add("1-2", "b");
        add("1-1", "a");
        add("1-2", "b");
        add("1-3", "a");

        assertThat(positions()).containsExactly("1-1", "1-2", "1-3");
        assertThat(deliveries.repeated()).isEqualTo(2);
    }

    @Test
    void articlesAreIndependent() {
        add("1-2", "b");
        add("1-1", "a");

        assertThat(positions()).containsExactly("1-2", "1-1");
    }

    @Test
    void lateEventOfAnArticleCountsAsARepetition() {
        add("1-2", "a");
        add("1-1", "a");

        assertThat(positions()).containsExactly("1-2");
    }

    @Test
    void newHistoryBeginsAgain() {
        add("1-5", "a");
        reset("2-5");
        reset("2-6");
        add("2-7", "a");

        assertThat(positions()).containsExactly("1-5", "2-6", "2-7");
    }
}
