package dev.freshet.content.format;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * A feed document as it was received.
 *
 * @param charset the charset of the Content-Type; null if absent
 * @param language the Content-Language; null if absent
 * @param address the URL from which it was fetched, after redirects, or the Content-Location; empty if unknown
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record DocumentSource(
        byte[] bytes, @Nullable Charset charset, @Nullable String language, String address) {}
