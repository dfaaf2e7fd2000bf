package dev.freshet.feed;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client that asked for a page gets.
 *
 * @param status 200, or 304 where the client has the page already
 * @param body null for a 304
 */
record PageAnswer(
        int status, Map<String, String> headers, @Nullable ByteBuf body) {}
