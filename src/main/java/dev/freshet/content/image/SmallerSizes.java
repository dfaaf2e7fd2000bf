package dev.freshet.content.image;

import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Encodes an image in smaller sizes, from which a browser chooses by the width and resolution of its window, and as a tiny
 * preview. Blocks the thread.
 */
final class SmallerSizes {

    /** The width of the largest size, in pixels. It fills the text column of a page at twice the resolution. */
    static final int MAX_WIDTH = 1600;

    // Descending, since each is scaled from the one before.
    private static final List<Integer> WIDTHS = List.of(MAX_WIDTH, 1152, 768, 480);
    private static final double MIN_REDUCTION = 1.25;
    private static final float JPEG_QUALITY = 0.8f;
    // A JPEG blurs the edges of text and drawings, so it must save much.
    private static final int MIN_JPEG_SAVING = 2;
    private static final int PREVIEW_SIDE = 10;
    private static final int MAX_ICON_SIDE = 100;
    private static final int ALPHA_SHIFT = 24;
    private static final int OPAQUE = 0xFF;

    private SmallerSizes() {}

    /**
     * Writes the sizes that have fewer bytes than the image itself. Returns them by ascending width.
     *
     * @param file the encoded image. The files of the sizes are placed beside it
     */
    static List<EncodedImage.Size> encode(BufferedImage image, ImageType type, Path file) throws IOException {
        var bytes = Files.size(file);
        var sizes = new ArrayList<EncodedImage.Size>();
        var scaled = image;
        for (var width : WIDTHS) {
            if (width * MIN_REDUCTION <= image.getWidth()) {
                scaled = scale(scaled, width, height(image, width));
                var size = write(scaled, type, file.resolveSibling(file.getFileName() + "-" + width));
                if (Files.size(size.file()) < bytes) {
                    sizes.addFirst(size);
                }
            }
        }
        return sizes;
    }

    /** Returns a preview as a data URL; null for an image with transparency, through which it would be visible. */
    static @Nullable String preview(BufferedImage image) throws IOException {
        var longest = Math.max(image.getWidth(), image.getHeight());
        if (longest <= MAX_ICON_SIDE) {
            return null;
        }
        var tiny = scale(
                image,
                Math.max(1, image.getWidth() * PREVIEW_SIDE / longest),
                Math.max(1, image.getHeight() * PREVIEW_SIDE / longest));
        return isOpaque(tiny)
                ? "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes(opaque(tiny), ImageType.PNG))
                : null;
    }

    private static EncodedImage.Size write(BufferedImage scaled, ImageType original, Path file) throws IOException {
        var encoded = isOpaque(scaled) ? bytes(opaque(scaled), ImageType.JPEG) : new byte[0];
        var type = ImageType.JPEG;
        if (original == ImageType.PNG) {
            var png = bytes(scaled, ImageType.PNG);
            if (encoded.length == 0 || (long) encoded.length * MIN_JPEG_SAVING > png.length) {
                encoded = png;
                type = ImageType.PNG;
            }
        }
        return new EncodedImage.Size(scaled.getWidth(), type, Files.write(file, encoded));
    }

    private static byte[] bytes(BufferedImage image, ImageType type) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            type.write(image, JPEG_QUALITY, out);
        }
        return bytes.toByteArray();
    }

    private static int height(BufferedImage image, int width) {
        return Math.max(1, Math.round((float) image.getHeight() * width / image.getWidth()));
    }

    /** Scales down in steps of at most a half, within which bilinear interpolation uses every pixel. */
    private static BufferedImage scale(BufferedImage image, int width, int height) {
        var type = image.getColorModel().hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
        var scaled = image;
        while (scaled.getWidth() > width || scaled.getHeight() > height) {
            scaled = draw(
                    scaled,
                    new BufferedImage(
                            Math.max(width, Math.ceilDiv(scaled.getWidth(), 2)),
                            Math.max(height, Math.ceilDiv(scaled.getHeight(), 2)),
                            type));
        }
        return scaled;
    }

    private static BufferedImage draw(BufferedImage image, BufferedImage target) {
        var graphics = target.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, target.getWidth(), target.getHeight(), null);
        graphics.dispose();
        return target;
    }

    /** Returns an image without an alpha channel, which JPEG does not have. */
    private static BufferedImage opaque(BufferedImage image) {
        return image.getColorModel().hasAlpha()
                ? draw(image, new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB))
                : image;
    }

    private static boolean isOpaque(BufferedImage image) {
        if (!image.getColorModel().hasAlpha()) {
            return true;
        }
        var row = new int[image.getWidth()];
        for (var y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            if (Arrays.stream(row).anyMatch(pixel -> pixel >>> ALPHA_SHIFT != OPAQUE)) {
                return false;
            }
        }
        return true;
    }
}
