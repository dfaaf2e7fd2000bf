package dev.freshet.content.intake;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * A feed document as it was received.
 *
 * @param charset the charset of the Content-Type; null if absent
 * @param address the URL from which it was fetched, after redirects; empty if it was sent
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record DocumentSource(byte[] bytes, @Nullable Charset charset, String address) {}
