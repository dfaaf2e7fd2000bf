/**
 * Deliveries to topics of Kafka.
 *
 * <h2>Overview</h2>
 * {@link dev.freshet.delivery.kafka.KafkaTarget} is the type of targets. It sends through a {@link
 * dev.freshet.delivery.kafka.KafkaCluster}, which has a {@link dev.freshet.delivery.kafka.FencedProducer} per
 * subscription. {@link dev.freshet.delivery.kafka.EventRecord} is the form of an event in a topic.
 *
 * <h2>State and threads</h2>
 * <ul>
 *   <li>The producer blocks for metadata, memory and transactions, so each cluster has threads of its own. A delivery
 *       occupies one of them until the cluster has committed.
 *   <li>An unused producer stays open for a minute. It is removed from the unused ones before it is used, so one delivery
 *       has it for itself.
 *   <li>A cluster without a delivery has neither a producer nor a thread, and its classes are not loaded.
 * </ul>
 *
 * <h2>Guarantees</h2>
 * <ul>
 *   <li>A delivery succeeds once all in-sync replicas have all of its records and the transaction is committed.
 *   <li>An instance whose claim has ended appends no record behind those of the next claim.
 *   <li>A delivery ends within four times the time limit of attempts.
 * </ul>
 */
@NullMarked
package dev.freshet.delivery.kafka;

import org.jspecify.annotations.NullMarked;
