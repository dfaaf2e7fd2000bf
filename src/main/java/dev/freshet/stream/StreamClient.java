package dev.freshet.stream;

import org.jspecify.annotations.Nullable;

/**
 * The client of a stream.
 *
 * @param address the network address, as the web server reports it
 * @param principal the account's id, null for an anonymous reader
 * @param credential the credential that the stream ends with, null for an anonymous reader
 */
record StreamClient(
        String address,
        @Nullable String principal,
        @Nullable StreamCredential credential) {

    static StreamClient anonymous(String address) {
        return new StreamClient(address, null, null);
    }
}
