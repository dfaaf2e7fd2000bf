package dev.freshet.content.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import reactor.netty.http.server.HttpServerRequest;

/** Checks requests as an S3 server does: AWS Signature Version 4, of the headers and of each chunk of a body. */
final class AwsSignature {

    private static final Pattern AUTHORIZATION = Pattern.compile("AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/(?<scope>"
            + "(?<date>\\d{8})/(?<region>[^/]+)/s3/aws4_request), SignedHeaders=(?<headers>[a-z0-9;-]+),"
            + " Signature=(?<signature>[0-9a-f]{64})");
    private static final byte[] EMPTY = {};

    private final String key;
    private final String secret;

    AwsSignature(String key, String secret) {
        this.key = key;
        this.secret = secret;
    }

    /** Returns the content of a body whose signatures are right; otherwise throws an exception that says what is wrong. */
    byte[] check(HttpServerRequest request, byte[] body) throws GeneralSecurityException {
        var header = AUTHORIZATION.matcher(request.requestHeaders().get("Authorization", ""));
        if (!header.matches() || !header.group("key").equals(key)) {
            throw new GeneralSecurityException("The access key is unknown");
        }
        var payload = request.requestHeaders().get("x-amz-content-sha256", "");
        var signature = sign(header, request, "AWS4-HMAC-SHA256", hash(canonical(header, request, payload)));
        require(signature.equals(header.group("signature")), "The signature of the headers is wrong");
        if (payload.startsWith("STREAMING-AWS4")) {
            return chunks(header, request, body);
        }
        require(payload.equals(hash(body)) || payload.equals("UNSIGNED-PAYLOAD"), "The digest of the body is wrong");
        return body;
    }

    private static byte[] canonical(Matcher header, HttpServerRequest request, String payload) {
        var names = header.group("headers");
        var headers = Stream.of(names.split(";", -1))
                .map(name -> name + ":" + request.requestHeaders().get(name, "").strip() + "\n")
                .collect(Collectors.joining());
        var target = request.uri().split("\\?", 2);
        var query = target.length == 1
                ? ""
                : Stream.of(target[1].split("&", -1)).sorted().collect(Collectors.joining("&"));
        return bytes(String.join("\n", request.method().name(), target[0], query, headers, names, payload));
    }

    /** Checks and joins the chunks: {@code length;chunk-signature=signature CRLF bytes CRLF}. */
    private byte[] chunks(Matcher header, HttpServerRequest request, byte[] body) throws GeneralSecurityException {
        var content = new ByteArrayOutputStream();
        var last = header.group("signature");
        var at = 0;
        while (true) {
            var end = at;
            while (body[end] != '\r') {
                end++;
            }
            var line = new String(body, at, end - at, StandardCharsets.US_ASCII).split(";chunk-signature=", 2);
            var length = Integer.parseInt(line[0], 16);
            var chunk = Arrays.copyOfRange(body, end + 2, end + 2 + length);
            last = sign(header, request, "AWS4-HMAC-SHA256-PAYLOAD", last + "\n" + hash(EMPTY) + "\n" + hash(chunk));
            require(last.equals(line[1]), "The signature of a chunk is wrong");
            if (length == 0) {
                return content.toByteArray();
            }
            content.writeBytes(chunk);
            at = end + 2 + length + 2;
        }
    }

    private String sign(Matcher header, HttpServerRequest request, String algorithm, String text)
            throws GeneralSecurityException {
        var signing = hmac(bytes("AWS4" + secret), header.group("date"));
        for (var part : new String[] {header.group("region"), "s3", "aws4_request"}) {
            signing = hmac(signing, part);
        }
        var time = request.requestHeaders().get("x-amz-date", "");
        return hex(hmac(signing, String.join("\n", algorithm, time, header.group("scope"), text)));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(bytes(text));
    }

    private static String hash(byte[] content) throws GeneralSecurityException {
        return hex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static String hex(byte[] value) {
        return HexFormat.of().formatHex(value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void require(boolean holds, String fault) throws GeneralSecurityException {
        if (!holds) {
            throw new GeneralSecurityException(fault);
        }
    }
}
