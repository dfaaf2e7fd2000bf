package dev.freshet.graphql;

import dev.freshet.log.feedlog.Cursor;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The transport of a subscription, with its encoding of results. */
enum Wire {
    /** GraphQL over server-sent events, in distinct connections mode. */
    SSE {
        @Override
        byte[] next(@Nullable Cursor cursor, byte[] result) {
            return join(utf8((cursor == null ? "" : "id:" + cursor + "\n") + "event:next\ndata:"), result, BLANK_LINE);
        }

        @Override
        byte[] complete(Cursor cursor) {
            return utf8("id:" + cursor + "\nevent:complete\ndata:\n\n");
        }

        @Override
        byte[] retry(long millis) {
            return utf8("retry:" + millis + "\n");
        }

        @Override
        byte[] comment(String text) {
            return utf8(":" + text + "\n\n");
        }
    },
    /** Messages of the protocol graphql-transport-ws, which a {@link SocketOperation} begins with its id. */
    SOCKET {
        @Override
        byte[] next(@Nullable Cursor cursor, byte[] result) {
            return SocketMessages.next(result);
        }

        @Override
        byte[] complete(Cursor cursor) {
            return SocketMessages.complete();
        }

        @Override
        byte[] retry(long millis) {
            return EMPTY;
        }

        @Override
        byte[] comment(String text) {
            return EMPTY;
        }
    };

    private static final byte[] EMPTY = {};
    private static final byte[] BLANK_LINE = {'\n', '\n'};

    /** Encodes a result. */
    abstract byte[] next(@Nullable Cursor cursor, byte[] result);

    /** Encodes the end of a subscription, after which clients do not reconnect. */
    abstract byte[] complete(Cursor cursor);

    /** Encodes the delay after which a browser reconnects; empty if the transport has none. */
    abstract byte[] retry(long millis);

    /** Encodes bytes that clients ignore; empty if the transport has heartbeats of its own. */
    abstract byte[] comment(String text);

    /** Joins parts. */
    static byte[] join(byte[]... parts) {
        var size = 0;
        for (var part : parts) {
            size += part.length;
        }
        var all = new byte[size];
        var at = 0;
        for (var part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** Encodes text. */
    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
