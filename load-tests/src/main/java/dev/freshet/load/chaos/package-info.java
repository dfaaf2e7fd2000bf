/**
 * Programs that look at Freshet from outside, as its clients, its operators and its bad days do: {@link
 * dev.freshet.load.chaos.Chaos} breaks everything around several instances and compares what each reader got with the
 * feed log, {@link dev.freshet.load.chaos.Proxies} streams through real proxies, {@link dev.freshet.load.chaos.Drain}
 * stops an instance under its readers.
 *
 * <p>Every reader, publisher and fault has a virtual thread of its own that simply blocks. What a reader heard and a
 * publisher was told belongs to its thread until that has ended. {@link dev.freshet.load.chaos.Oracle} judges
 * afterwards, on one thread.
 */
@NullMarked
package dev.freshet.load.chaos;

import org.jspecify.annotations.NullMarked;
