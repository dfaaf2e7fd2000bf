package dev.freshet.platform.http;

import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.ssl.SslHandler;
import java.util.HashMap;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/**
 * Completes what the web server answers by itself: a request that it can't read, or that doesn't come in time, never gets to
 * the filters. Such an answer gets the security headers, and the problem that it stands for.
 */
@ChannelHandler.Sharable
public final class ServerErrorResponses extends ChannelOutboundHandlerAdapter {

    private static final int FIRST_ERROR = 400;
    private static final String ALWAYS_THERE = "X-Content-Type-Options";

    private final SecurityHeaders headers;
    private final Map<Integer, byte[]> problems = new HashMap<>();

    /**
     * @param longestLine maximum length of the request line
     * @param largestHead maximum size of all headers
     */
    ServerErrorResponses(SecurityHeaders headers, JsonMapper json, DataSize longestLine, DataSize largestHead) {
        this.headers = headers;
        add(json, Problem.INVALID_REQUEST.because("The request is not valid HTTP."));
        add(json, Problem.TOO_SLOW.because("The request line and headers took too long. Send them at once."));
        add(
                json,
                Problem.URI_TOO_LONG.because(
                        "The address with its query exceeds " + longestLine.toBytes() + " bytes."));
        add(json, Problem.HEADERS_TOO_LARGE.because("The headers exceed " + largestHead.toBytes() + " bytes."));
    }

    private void add(JsonMapper json, ProblemException problem) {
        problems.put(problem.getStatusCode().value(), json.writeValueAsBytes(problem.getBody()));
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // told by the promise
    public void write(ChannelHandlerContext to, Object message, ChannelPromise promise) {
        to.write(message instanceof HttpResponse response ? completed(response, to) : message, promise);
    }

    private HttpResponse completed(HttpResponse response, ChannelHandlerContext to) {
        if (response.status().code() < FIRST_ERROR || response.headers().contains(ALWAYS_THERE)) {
            return response;
        }
        response.headers().setAll(headers.nettyHeaders(to.pipeline().get(SslHandler.class) != null));
        var problem = problems.get(response.status().code());
        if (problem == null
                || !(response instanceof FullHttpResponse full)
                || full.content().isReadable()) {
            return response;
        }
        full.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, problem.length);
        var told = full.replace(Unpooled.wrappedBuffer(problem));
        full.release();
        return told;
    }
}
