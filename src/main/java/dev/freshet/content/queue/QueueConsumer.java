package dev.freshet.content.queue;

/** A consumer of one queue. Used by one thread. */
interface QueueConsumer {

    /**
     * Connects, and imports messages until an error or an interruption. Blocks. Returns early if another instance consumes
     * the queue, or has taken over messages.
     */
    void consume() throws Exception;
}
