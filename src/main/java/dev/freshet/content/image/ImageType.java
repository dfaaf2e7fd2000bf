package dev.freshet.content.image;

import org.springframework.http.MediaType;

/** What images are kept as. */
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

    /** As ImageIO calls it. */
    String format() {
        return mediaType().getSubtype();
    }
}
