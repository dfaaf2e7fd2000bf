package dev.freshet.stream;

import dev.freshet.feed.FeedEffect;
import dev.freshet.feed.FeedRule;
import dev.freshet.log.feedlog.Cursor;
import org.jspecify.annotations.Nullable;

/** Frames that are ready to be sent, in the order of the log. Any thread may read them. */
interface FrameSource {

    /**
     * The frames at one moment.
     *
     * @param epoch the history
     * @param first the lowest seq, {@code last + 1} when empty
     * @param last the highest seq
     * @param size approximate memory of the frames in bytes
     */
    record Bounds(long epoch, long first, long last, long size) {
        Cursor end() {
            return new Cursor(epoch, last);
        }
    }

    /** Returns the present bounds. A frame within them may be dropped a moment later. */
    Bounds bounds();

    /** Returns the frame of a seq, null outside of the bounds. */
    @Nullable
    Frame get(long seq);

    /**
     * Adds the events of a feed to a batch, until it is full.
     *
     * @param after the seq after which to begin
     * @param to the last seq to check
     * @return the last seq checked; less than {@code to} where the batch is full or a frame was dropped meanwhile
     */
    default long take(FeedRule rule, StreamFormat format, long after, long to, Batch batch) {
        var seq = after;
        while (seq < to && !batch.isFull()) {
            var frame = get(seq + 1);
            if (frame == null) {
                break;
            }
            seq++;
            var effect = rule.effect(frame.entry(), frame.words());
            if (effect != FeedEffect.NONE) {
                batch.add(frame.encoded(format, effect == FeedEffect.LEAVES));
            }
        }
        return seq;
    }
}
