package dev.freshet.feed;

import dev.freshet.identity.credential.Secret;

/**
 * The secret addresses of a saved search on this server. Only the response that creates them has them.
 *
 * @param atom the address in Atom
 * @param rss the address in RSS 2.0
 * @param jsonFeed the address in JSON Feed
 */
public record SearchAddress(String atom, String rss, String jsonFeed) {

    /** The pattern of the path of secret addresses. */
    public static final String PATH = "/api/v1/searches/{address}";

    static SearchAddress of(Secret secret) {
        var address = path(secret) + "?format=";
        return new SearchAddress(address + "atom", address + "rss", address + "json-feed");
    }

    /** Returns the path of a secret address. */
    public static String path(Secret secret) {
        return PATH.replace("{address}", secret.text());
    }

    /** Hides the secret from logs. */
    @Override
    public String toString() {
        return "the secret address of a search";
    }
}
