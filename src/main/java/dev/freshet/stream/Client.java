package dev.freshet.stream;

import org.jspecify.annotations.Nullable;

/**
 * Who holds a stream.
 *
 * @param address the network address, as the web server knows it
 * @param principal the account's id, null for an anonymous reader
 * @param grant what the stream ends with, null for an anonymous reader
 */
record Client(
        String address,
        @Nullable String principal,
        @Nullable Grant grant) {

    static Client anonymous(String address) {
        return new Client(address, null, null);
    }
}
