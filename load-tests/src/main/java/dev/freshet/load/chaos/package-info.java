/**
 * Programs that test Freshet from outside. {@link dev.freshet.load.chaos.Chaos} breaks everything around several
 * instances and compares the readers' events with the feed log. {@link dev.freshet.load.chaos.Proxies} streams through
 * real proxies. {@link dev.freshet.load.chaos.Drain} stops an instance under its readers.
 *
 * <p>Every reader, publisher and fault has a virtual thread of its own, which blocks. The results of a reader or
 * publisher belong to its thread until that thread has ended. {@link dev.freshet.load.chaos.Oracle} compares them
 * afterwards, on one thread.
 */
@NullMarked
package dev.freshet.load.chaos;

import org.jspecify.annotations.NullMarked;
