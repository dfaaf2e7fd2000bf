package dev.freshet.load.reader;

/** Receives the responses of a {@link PageClient}, on its event loop. */
public interface PageListener {

    /**
     * Called when the response is complete.
     *
     * @param dueNanos the time at which the request was due, as of {@link System#nanoTime}
     * @param length of the body on the wire, in bytes
     * @param etag the entity tag of the page; empty if it has none
     */
    void answered(PageRequest request, boolean http2, long dueNanos, int status, long length, String etag);

    /** Called if no server sent a response, or if a request was still unsent at the end. */
    void failed(PageRequest request, boolean http2, long dueNanos);
}
