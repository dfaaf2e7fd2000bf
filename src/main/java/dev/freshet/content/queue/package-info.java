/**
 * Queues of message brokers from which articles are imported.
 *
 * <h2>Overview</h2>
 * {@link dev.freshet.content.queue.Queues} runs a {@link dev.freshet.content.queue.QueueRunner} for each configured queue. It
 * repeats its {@link dev.freshet.content.queue.QueueConsumer}, of RabbitMQ or Kafka, until the program stops. A consumer takes
 * messages and passes them to a {@link dev.freshet.content.queue.BatchImport}. {@link
 * dev.freshet.content.queue.QueueIntake} imports them and remembers their ids.
 *
 * <h2>State and threads</h2>
 * <ul>
 *   <li>The client libraries block, so each queue has a thread of its own. Without a configured queue there is none, and the
 *       libraries are not loaded.
 *   <li>A queue of RabbitMQ has one consumer in all instances. The others ask every few seconds whether they may take over.
 *       Partitions of a topic are divided among the instances.
 *   <li>At most one batch of a queue is imported at a time. Meanwhile a bounded number of messages waits in memory, and the
 *       consumer takes no more.
 * </ul>
 *
 * <h2>Guarantees</h2>
 * <ul>
 *   <li>A message is acknowledged after its article is committed, or after a dead-letter queue has confirmed it. None is lost.
 *   <li>A repeated message has no effect: its id is remembered for a time, and an equal article changes nothing.
 *   <li>Messages of a queue, or with one key of a topic, are imported in their order.
 *   <li>While the store or the dead-letter queue fails, nothing is acknowledged, and attempts continue.
 * </ul>
 */
@NullMarked
package dev.freshet.content.queue;

import org.jspecify.annotations.NullMarked;
