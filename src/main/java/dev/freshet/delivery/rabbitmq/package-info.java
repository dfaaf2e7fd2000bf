/**
 * Deliveries to exchanges of RabbitMQ.
 *
 * <h2>Overview</h2>
 * {@link dev.freshet.delivery.rabbitmq.RabbitMqTarget} is the type of targets. It sends through a {@link
 * dev.freshet.delivery.rabbitmq.Broker}, which has the one connection of this instance to a configured broker.
 *
 * <h2>State and threads</h2>
 * <ul>
 *   <li>The client library blocks, so each broker has threads of its own. A delivery occupies one of them until the broker
 *       has confirmed.
 *   <li>A delivery has a channel for itself. Unused channels wait for the next delivery.
 *   <li>A broker without a delivery has neither a connection nor a thread.
 * </ul>
 *
 * <h2>Guarantees</h2>
 * <ul>
 *   <li>A delivery succeeds once the broker has confirmed all of its messages and returned none.
 *   <li>A delivery ends within the time limit of attempts, and so does a write to a broker that reads nothing.
 * </ul>
 */
@NullMarked
package dev.freshet.delivery.rabbitmq;

import org.jspecify.annotations.NullMarked;
