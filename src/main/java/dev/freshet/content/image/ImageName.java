package dev.freshet.content.image;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an image, 128 random bits and its type: who hasn't been told it can't find it.
 *
 * @param text such as {@code 0123456789abcdef0123456789abcdef.png}
 */
record ImageName(String text) {

    /** Where images are served. */
    static final String PATH = "/images/";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;
    // The table article_image and the rendering of articles know this form too.
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}\\.(png|jpg)");

    /** A new one. */
    static ImageName of(ImageType type) {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new ImageName(HexFormat.of().formatHex(bytes) + "." + type.suffix());
    }

    /** The name of this form; empty for what is none. */
    static Optional<ImageName> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new ImageName(text)) : Optional.empty();
    }

    ImageType type() {
        return text.endsWith(ImageType.PNG.suffix()) ? ImageType.PNG : ImageType.JPEG;
    }

    String path() {
        return PATH + text;
    }

    @Override
    public String toString() {
        return text;
    }
}
