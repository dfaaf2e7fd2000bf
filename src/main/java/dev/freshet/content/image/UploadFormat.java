package dev.freshet.content.image;

import dev.freshet.platform.problem.Problem;
import java.nio.charset.StandardCharsets;

/** What an upload may be, told by how it begins: neither its name nor what its sender says of it counts. */
enum UploadFormat {
    PNG("png"),
    JPEG("jpeg"),
    GIF("gif"),
    WEBP("webp"),
    WEBP_LOSSLESS("webp");

    /** How many bytes tell it. */
    static final int HEAD = 16;

    private final String format;

    UploadFormat(String format) {
        this.format = format;
    }

    /**
     * The format of a file that begins so.
     *
     * @throws dev.freshet.platform.problem.ProblemException if it is none of these
     */
    static UploadFormat of(byte[] head) {
        var text = new String(head, StandardCharsets.ISO_8859_1);
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
        throw Problem.UNSUPPORTED_MEDIA_TYPE.because(
                "An image is PNG, JPEG, GIF or WebP, by its content. What was sent begins as none of these.");
    }

    /** As ImageIO calls it. */
    String format() {
        return format;
    }

    /** What it is kept as: as a photo where it is one already, else without loss. Of several frames, the first is kept. */
    ImageType kept(boolean transparent) {
        return (this == JPEG || this == WEBP) && !transparent ? ImageType.JPEG : ImageType.PNG;
    }

    @Override
    public String toString() {
        return this == PNG ? "PNG" : this == JPEG ? "JPEG" : this == GIF ? "GIF" : "WebP";
    }
}
