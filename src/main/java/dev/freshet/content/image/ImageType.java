package dev.freshet.content.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.ImageOutputStream;
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

    /**
     * Writes the pixels of an image, without metadata and thumbnails. Blocks the thread.
     *
     * @param jpegQuality from 0 to 1; PNG ignores it
     */
    void write(BufferedImage image, float jpegQuality, ImageOutputStream out) throws IOException {
        var writer =
                ImageIO.getImageWritersByFormatName(mediaType().getSubtype()).next();
        try {
            writer.setOutput(out);
            var parameters = writer.getDefaultWriteParam();
            if (this == JPEG) {
                parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                parameters.setCompressionQuality(jpegQuality);
            }
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
    }
}
