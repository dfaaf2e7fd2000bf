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
 * Completes the error responses of the web server: a malformed or late request never reaches the filters. Its response gets
 * the security headers and a problem as its body.
 */
@ChannelHandler.Sharable
final class ServerErrorResponses extends ChannelOutboundHandlerAdapter {

    private static final int FIRST_ERROR = 400;
    private static final String PRESENT_IN_ALL_RESPONSES = "X-Content-Type-Options";

    private final SecurityHeaders headers;
    private final Map<Integer, byte[]> problems = new HashMap<>();

    /**
     * @param maxLineLength maximum length of the request line
     * @param maxHeadersSize maximum size of all headers
     */
    ServerErrorResponses(SecurityHeaders headers, JsonMapper json, DataSize maxLineLength, DataSize maxHeadersSize) {
        this.headers = headers;
        add(json, Problem.INVALID_REQUEST.because("The request is not valid HTTP."));
        add(json, Problem.TOO_SLOW.because("The request line and headers took too long. Send them at once."));
        add(
                json,
                Problem.URI_TOO_LONG.because(
                        "The address with its query exceeds " + maxLineLength.toBytes() + " bytes."));
        add(json, Problem.HEADERS_TOO_LARGE.because("The headers exceed " + maxHeadersSize.toBytes() + " bytes."));
    }

    private void add(JsonMapper json, ProblemException problem) {
        problems.put(problem.getStatusCode().value(), json.writeValueAsBytes(problem.getBody()));
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise receives the result
    public void write(ChannelHandlerContext to, Object message, ChannelPromise promise) {
        to.write(message instanceof HttpResponse response ? complete(response, to) : message, promise);
    }

    private HttpResponse complete(HttpResponse response, ChannelHandlerContext to) {
        if (response.status().code() < FIRST_ERROR || response.headers().contains(PRESENT_IN_ALL_RESPONSES)) {
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
        var completed = full.replace(Unpooled.wrappedBuffer(problem));
        full.release();
        return completed;
    }
}
