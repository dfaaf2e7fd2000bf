package dev.freshet.content.image;

import dev.freshet.platform.problem.Problem;
import java.nio.charset.StandardCharsets;

/** The formats of uploads, detected from their first bytes. */
enum UploadFormat {
    PNG("png"),
    JPEG("jpeg"),
    GIF("gif"),
    WEBP("webp"),
    WEBP_LOSSLESS("webp");

    /** The number of bytes that detection needs. */
    static final int SIGNATURE_BYTES = 16;

    private final String format;

    UploadFormat(String format) {
        this.format = format;
    }

    /**
     * Detects a format.
     *
     * @throws dev.freshet.platform.problem.ProblemException if the format is not supported
     */
    static UploadFormat of(byte[] signature) {
        var text = new String(signature, StandardCharsets.ISO_8859_1);
        if (text.startsWith("\u0089PNG\r\n\u001a\n")) {
            return PNG;
        }
        if (text.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) {
            return GIF;
        }
        if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) {
            return text.startsWith("VP8L", 12) ? WEBP_LOSSLESS : WEBP;
        }
        throw Problem.UNSUPPORTED_MEDIA_TYPE.because("The body is not a PNG, JPEG, GIF or WebP image.");
    }

    /** Returns the format name of ImageIO. */
    String format() {
        return format;
    }

    /** Returns the stored type: JPEG for opaque lossy formats, otherwise PNG. Only the first frame is stored. */
    ImageType storedType(boolean transparent) {
        return (this == JPEG || this == WEBP) && !transparent ? ImageType.JPEG : ImageType.PNG;
    }

    @Override
    public String toString() {
        return this == PNG ? "PNG" : this == JPEG ? "JPEG" : this == GIF ? "GIF" : "WebP";
    }
}
