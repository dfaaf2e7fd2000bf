package dev.freshet.log.tail;

import dev.freshet.log.feedlog.Cursor;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/** A source of hints and copies. It may lose, repeat and reorder them; it ends only when cancelled and never fails. */
interface Tail {

    /**
     * Listens from a position until cancelled.
     *
     * @param position returns the present position of the listener, always of the same epoch; copies up to it are not needed
     */
    Flux<TailSignal> listen(Supplier<Cursor> position);

    /** Returns whether copies of new commits can be expected at once. */
    boolean bringsCopies();

    /**
     * Asks for copies of commits that follow the position of the listener. Called by one thread at a time. Without effect for
     * tails that bring no copies, or bring them unasked.
     */
    default void requestCopies() {}
}
