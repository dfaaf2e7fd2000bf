/**
 * Open streams of feeds, as SSE and NDJSON.
 *
 * <h2>Overview</h2>
 * {@link dev.freshet.stream.LiveStreams} takes the entries of the tail and appends them to the
 * {@link dev.freshet.stream.Ring}, as frames. A {@link dev.freshet.stream.Subscriber} is one open stream: a feed, a cursor
 * and a {@link dev.freshet.stream.StreamChannel}, usually a {@link dev.freshet.stream.StreamConnection}. Its {@link dev.freshet.stream.Progress} owns its state. A
 * {@link dev.freshet.stream.Group} holds the subscribers of one event loop. Its {@link dev.freshet.stream.LiveDelivery}
 * serves those at the tail by {@link dev.freshet.stream.Topic}, with one buffer for all. The others get turns to pull. Streams
 * of searches have a live delivery of their own. It takes frames from the {@link dev.freshet.stream.SearchedRing}, once
 * their words are read.
 * {@link dev.freshet.stream.CatchUp} reads the log for those that the ring no longer serves.
 *
 * <h2>State and threads</h2>
 * <ul>
 *   <li>The ring: written by the tail's thread alone, read by any thread without a lock.
 *   <li>The searched ring: written by one step at a time, which reads the log or parses words; read by any thread.
 *   <li>Groups, topics and subscribers: owned by their event loop. Results of reads, timers and news of the ring arrive
 *       there as tasks. Other threads may read a subscriber's figures, which may be out of date.
 *   <li>Counts of streams and pages of the log: thread-safe.
 * </ul>
 *
 * <p>Types use each other in one direction: subscriber, group, live delivery, topic. The lower one calls back through an
 * interface of its own.
 *
 * <h2>Life cycle</h2>
 * The ring begins at the tail's first position; requests wait for it. {@link dev.freshet.stream.SubscriberState} lists a
 * subscriber's states and transitions. Each end passes through one method, which releases the state, the place in the
 * group and the counts. {@link dev.freshet.stream.StreamDrain} closes all streams before the web server stops.
 *
 * <h2>Guarantees</h2>
 * <ul>
 *   <li>A subscriber receives every matching event after its cursor, once and in order, or a reset.
 *   <li>Memory per subscriber is constant: it has no queue. A slow reader costs its write buffer and delays no other.
 *   <li>An event is encoded once per format, and framed once per topic and delivery.
 * </ul>
 */
@NullMarked
package dev.freshet.stream;

import org.jspecify.annotations.NullMarked;
