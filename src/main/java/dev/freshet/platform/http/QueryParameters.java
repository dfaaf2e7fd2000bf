package dev.freshet.platform.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/** Parses the query of a request that Spring has not parsed, as Spring does. */
public final class QueryParameters {

    private QueryParameters() {}

    /**
     * Returns decoded parameters in their order. A parameter without a value is empty.
     *
     * @param query the part of a URI after its question mark, encoded; null for none
     * @throws IllegalArgumentException if it is malformed
     */
    public static MultiValueMap<String, String> parse(@Nullable String query) {
        var parameters = new LinkedMultiValueMap<String, String>();
        if (query != null) {
            UriComponentsBuilder.newInstance()
                    .query(query)
                    .build()
                    .getQueryParams()
                    .forEach((name, values) -> values.forEach(value -> parameters.add(decode(name), decode(value))));
        }
        return parameters;
    }

    private static String decode(@Nullable String text) {
        return text == null ? "" : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
