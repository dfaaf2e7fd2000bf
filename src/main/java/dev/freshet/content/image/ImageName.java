package dev.freshet.content.image;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an image: 128 random bits, which cannot be guessed, and its type. The name of a smaller size also contains
 * its width.
 *
 * @param text such as {@code 0123456789abcdef0123456789abcdef.png}, or {@code 0123456789abcdef0123456789abcdef-480.jpg}
 */
record ImageName(String text) {

    /** The path prefix of images. */
    static final String PATH = "/images/";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;
    // The triggers of table article_image and the Markdown renderer use the same pattern, without a width.
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}(-[0-9]{3,4})?\\.(png|jpg)");

    /** Returns a new random name. */
    static ImageName of(ImageType type) {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new ImageName(HexFormat.of().formatHex(bytes) + "." + type.suffix());
    }

    /** Parses a name; returns empty if the text is not one. */
    static Optional<ImageName> parse(String text) {
        return NAME.matcher(text).matches() ? Optional.of(new ImageName(text)) : Optional.empty();
    }

    /**
     * Returns the name of a smaller size of this image.
     *
     * @param size the width and type as a suffix, such as {@code 480.jpg}
     */
    ImageName size(String size) {
        return new ImageName(text.substring(0, text.indexOf('.')) + "-" + size);
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
