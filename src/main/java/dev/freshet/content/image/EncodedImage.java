package dev.freshet.content.image;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An encoded image, with its smaller sizes.
 *
 * @param preview a tiny image as a data URL; null for a transparent image or an icon
 * @param sizes the smaller sizes, by ascending width; empty for a small image
 */
record EncodedImage(
        ImageType type, int width, int height, @Nullable String preview, List<Size> sizes) {

    EncodedImage {
        sizes = List.copyOf(sizes);
    }

    /** Returns the suffixes of the names of the sizes. */
    String[] suffixes() {
        return sizes.stream().map(Size::suffix).toArray(String[]::new);
    }

    /** A smaller size of an image in a temporary file. */
    record Size(int width, ImageType type, Path file) {

        /** Returns the suffix of the name, such as {@code 480.jpg}. */
        String suffix() {
            return width + "." + type.suffix();
        }
    }
}
