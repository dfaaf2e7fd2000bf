package dev.freshet.load.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerTests {

    private static final String RUN = "guard1";

    private final Measured measured = new Measured(0, 3600);
    private final Ledger ledger = new Ledger(RUN, 1, 100, measured);

    @BeforeEach
    void publishFour() {
        for (var i = 0; i < 4; i++) {
            ledger.answered(ledger.publish(), true);
        }
    }

    @AfterEach
    void stop() {
        measured.stop();
    }

    @Test
    void completeRunHasNoFault() {
        receive(ledger.subscribe(0), 0, 1, 2, 3);
        assertThat(ledger.isComplete()).isTrue();
        finds(0, 0, 0);
    }

    @Test
    void lostEventIsFound() {
        receive(ledger.subscribe(0), 0, 1, 3);
        assertThat(ledger.isComplete()).isFalse();
        finds(1, 0, 0);
    }

    @Test
    void doubledEventIsFound() {
        receive(ledger.subscribe(0), 0, 1, 1, 2, 3);
        finds(0, 1, 0);
    }

    @Test
    void reorderedEventIsFound() {
        receive(ledger.subscribe(0), 0, 2, 1, 3);
        finds(0, 0, 1);
    }

    @Test
    void resetIsFound() {
        var subscriber = ledger.subscribe(0);
        receive(subscriber, "{\"cursor\":\"1f-9\",\"type\":\"reset\"}");
        ledger.finish("delivery");
        assertThat(measured.figures()).containsEntry("delivery resets", 1.0);
    }

    @Test
    void eventThatWasNotAcknowledgedMayBeMissing() {
        ledger.answered(ledger.publish(), false);
        receive(ledger.subscribe(0), 0, 1, 2, 3);
        assertThat(ledger.isComplete()).isTrue();
        finds(0, 0, 0);
    }

    @Test
    void eventsOutsideOfAVisitAreNotExpected() {
        receive(ledger.subscribe(0), 0, 1, 2, 3);
        receive(ledger.visit("1f-101"), 2);
        finds(0, 0, 0);
    }

    @Test
    void missedEventOfAVisitorIsFound() {
        receive(ledger.subscribe(0), 0, 1, 2, 3);
        receive(ledger.visit("1f-100"), 1, 3);
        finds(1, 0, 0);
    }

    @Test
    void eventsOfOthersAreIgnored() {
        var subscriber = ledger.subscribe(0);
        receive(subscriber, event(0).replace(RUN, "guard2"));
        receive(subscriber, "");
        finds(4, 0, 0);
    }

    @Test
    void feedsHaveEventsOfTheirOwn() {
        var two = new Ledger(RUN, 2, 100, measured);
        var subscribers = List.of(two.subscribe(0), two.subscribe(1));
        for (var i = 0; i < 6; i++) {
            two.answered(two.publish(), true);
            assertThat(two.title(i)).endsWith(two.tag(i % 2));
            if (i != 3) {
                receive(
                        subscribers.get(i % 2),
                        "{\"cursor\":\"1f-%d\",\"article\":{\"title\":\"%s\"}}".formatted(i, two.title(i)));
            }
        }
        assertThat(two.isComplete()).isFalse();
        two.finish("delivery");
        assertThat(measured.figures())
                .containsEntry("delivery lost", 1.0)
                .containsEntry("delivery received", 5.0)
                .containsEntry("delivery published", 6.0);
    }

    @Test
    void visitorStartsAtTheCursorOfItsPage() {
        assertThat(ledger.visit("1f-100").cursor()).isEqualTo("1f-100");
        assertThat(ledger.subscribe(0).cursor()).isEmpty();
    }

    @Test
    void cursorIsThatOfTheLastEvent() {
        var subscriber = ledger.subscribe(0);
        receive(subscriber, "id: 1f-102\nevent: article.published\ndata: " + event(2));
        assertThat(subscriber.cursor()).isEqualTo("1f-102");
    }

    @Test
    void heartbeatAmongOtherBytesIsIgnored() {
        var subscriber = ledger.subscribe(0);
        var bytes = Unpooled.copiedBuffer("4\r\n:\n\n\r\n" + event(0), StandardCharsets.US_ASCII);
        subscriber.receive("delivery", bytes, 3, 4, System.nanoTime());
        receive(subscriber, 0, 1, 2, 3);
        finds(0, 0, 0);
    }

    private static void receive(Ledger.Subscriber subscriber, int... numbers) {
        for (var number : numbers) {
            receive(subscriber, event(number));
        }
    }

    private static void receive(Ledger.Subscriber subscriber, String text) {
        var bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        subscriber.receive("delivery", bytes, 0, bytes.readableBytes(), System.nanoTime());
    }

    private static String event(int number) {
        return "{\"cursor\":\"1f-%d\",\"type\":\"article.published\",\"article\":{\"title\":\"Event %07d of %s\"}}"
                .formatted(100 + number, number, RUN + "x0");
    }

    private void finds(int lost, int doubled, int reordered) {
        ledger.finish("delivery");
        assertThat(List.of("lost", "doubled", "reordered"))
                .extracting(name -> measured.figures().get("delivery " + name))
                .containsExactly((double) lost, (double) doubled, (double) reordered);
    }
}
