package dev.freshet.stream;

import org.jspecify.annotations.Nullable;

/**
 * The client of a stream.
 *
 * @param address the network address, as the web server reports it
 * @param principal the account's id, null for an anonymous reader
 * @param grant the credential that the stream ends with, null for an anonymous reader
 */
record Client(
        String address,
        @Nullable String principal,
        @Nullable Grant grant) {

    static Client anonymous(String address) {
        return new Client(address, null, null);
    }
}
