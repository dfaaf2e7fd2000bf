package dev.freshet.graphql;

import dev.freshet.platform.problem.Problem;
import java.io.ByteArrayOutputStream;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Encodes results as JSON up to a maximum size, since aliases can repeat a large body many times. Thread-safe. */
final class ResultEncoder {

    private final JsonMapper json;
    private final DataSize limit;

    ResultEncoder(JsonMapper json, DataSize limit) {
        this.json = json;
        this.limit = limit;
    }

    /** Returns the JSON of a result, or throws the problem that it is too large. Holds no more than the limit. */
    byte[] encode(Object result) {
        var bytes = new BoundedBytes(Math.toIntExact(limit.toBytes()));
        try {
            json.writeValue(bytes, result);
        } catch (JacksonException e) {
            // The mapper wraps what a stream throws in exceptions that depend on the value that it writes.
            if (bytes.exceeded) {
                throw Problem.CONTENT_TOO_LARGE.because("The response has more than " + limit.toBytes()
                        + " bytes. Select fewer fields, or request fewer articles.");
            }
            throw e;
        }
        return bytes.toByteArray();
    }

    private static final class BoundedBytes extends ByteArrayOutputStream {

        private final int limit;
        private boolean exceeded;

        BoundedBytes(int limit) {
            super(1024);
            this.limit = limit;
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            if (length > limit - count) {
                exceeded = true;
                throw new IllegalStateException("More than " + limit + " bytes");
            }
            super.write(bytes, offset, length);
        }

        @Override
        public synchronized void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }
    }
}
