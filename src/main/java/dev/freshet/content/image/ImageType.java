package dev.freshet.content.image;

import org.springframework.http.MediaType;

/** The types of stored images. */
enum ImageType {
    PNG("png"),
    JPEG("jpg");

    private final String suffix;

    ImageType(String suffix) {
        this.suffix = suffix;
    }

    String suffix() {
        return suffix;
    }

    MediaType mediaType() {
        return switch (this) {
            case PNG -> MediaType.IMAGE_PNG;
            case JPEG -> MediaType.IMAGE_JPEG;
        };
    }

    /** Returns the format name of ImageIO. */
    String format() {
        return mediaType().getSubtype();
    }
}
