package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import reactor.core.publisher.Flux;

/** A source of news from the live end. It may lose, repeat and reorder; it never ends by itself and never fails. */
interface Tail {

    /**
     * Listens from a position on, until cancelled.
     *
     * @param after where the listener stands
     */
    Flux<Signal> listen(Cursor after);

    /** Whether copies of what is committed can be expected from here at once. */
    boolean bringsCopies();
}
