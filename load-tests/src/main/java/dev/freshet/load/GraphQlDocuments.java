package dev.freshet.load;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Documents of GraphQL, as targets of GET requests. */
public final class GraphQlDocuments {

    /** The number of distinct documents of a kind. */
    public static final int COUNT = 10;

    private static final String PATH = "/graphql?query=";
    private static final String TEN_FIELDS = "id slug title summary tags author source language publishedAt updatedAt";

    private GraphQlDocuments() {}

    /**
     * Returns a query for the newest page of twenty with ten fields of each article.
     *
     * @param number selects one of the distinct documents
     */
    public static String page(int number) {
        return PATH + encoded("{ articles { p" + number % COUNT + ": nodes { " + TEN_FIELDS + " } cursor } }");
    }

    /** Returns the same query for the page after a key. */
    public static String pageAfter(Object key) {
        return PATH
                + encoded("query($after: String) { articles(after: $after) { nodes { " + TEN_FIELDS + " } cursor } }")
                + "&variables=" + encoded("{\"after\":\"" + key + "\"}");
    }

    /**
     * Returns a subscription to the events of a tag, about as large as those of the API's own streams.
     *
     * @param number selects one of the distinct documents
     */
    public static String events(String tag, int number) {
        return PATH
                + encoded("subscription { events(filter: {tags: [\"" + tag + "\"]}) { cursor type a" + number % COUNT
                        + ": article { " + TEN_FIELDS + " } } }");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
