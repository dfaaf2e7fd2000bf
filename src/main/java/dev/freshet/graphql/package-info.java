/**
 * GraphQL over the same operations as the JSON API, at {@code /graphql}. No other package knows it.
 *
 * <p>{@link dev.freshet.graphql.GraphQlHandler} receives requests. {@link dev.freshet.graphql.PublicQueryRoute} answers those
 * for cached and public pages. {@link dev.freshet.graphql.Sockets} accepts WebSockets. Each has a {@link
 * dev.freshet.graphql.SocketConnection} for frames, a {@link dev.freshet.graphql.SocketSession} for the protocol, and a
 * {@link dev.freshet.graphql.SocketOperation} for each operation.
 *
 * <p>{@link dev.freshet.graphql.Operations} prepares and executes documents for all transports. {@link
 * dev.freshet.graphql.Engine} builds the schema with the first request, so that a server without GraphQL clients pays
 * nothing for it. {@link dev.freshet.graphql.Documents} parses and validates documents, {@link
 * dev.freshet.graphql.DocumentCost} limits them. The fields are in a {@link
 * dev.freshet.graphql.GraphQlResource} for each resource, and in {@link dev.freshet.graphql.SubscriptionFields}.
 *
 * <p>A subscription is a stream of package {@code stream} in the format {@link dev.freshet.graphql.EventSelection}: ring,
 * catch-up, limits and drain are those of all streams.
 */
@NullMarked
package dev.freshet.graphql;

import org.jspecify.annotations.NullMarked;
