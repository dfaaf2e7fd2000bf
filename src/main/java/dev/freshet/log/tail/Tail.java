package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import reactor.core.publisher.Flux;

/** A source of hints and copies. It may lose, repeat and reorder them; it ends only when cancelled and never fails. */
interface Tail {

    /**
     * Listens from a position until cancelled.
     *
     * @param after the position of the listener
     */
    Flux<TailSignal> listen(Cursor after);

    /** Returns whether copies of new commits can be expected at once. */
    boolean bringsCopies();
}
