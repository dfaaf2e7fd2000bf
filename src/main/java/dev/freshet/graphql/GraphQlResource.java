package dev.freshet.graphql;

import graphql.schema.DataFetcher;
import java.util.Map;

/** The fields of the types {@code Query} and {@code Mutation} about one resource. They call the operations of the JSON API. */
interface GraphQlResource {

    /** Returns the fields that read, by name. */
    Map<String, DataFetcher<?>> queries();

    /** Returns the fields that change something, by name. */
    Map<String, DataFetcher<?>> mutations();
}
