package dev.freshet.content.image;

import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import dev.freshet.platform.problem.Problem;
import dev.freshet.platform.problem.ProblemException;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Makes a new image of what can be seen in an uploaded one, so that nothing else of it is kept: no metadata, such as where a
 * photo was taken, and no other format that the same bytes may be read as. What it takes is bounded before it decodes.
 * Blocks, and takes long.
 *
 * @param maxPixels the most that it decodes
 */
record ImageEncoder(long maxPixels) {

    // Each scan of a progressive JPEG takes a pass over all pixels, however few bytes it has. Encoders make about ten.
    private static final int MOST_SCANS = 100;
    private static final float QUALITY = 0.9f;
    // A pixel in memory, decoded and drawn again, and what else the heap is for.
    private static final int HEAP_BYTES_PER_PIXEL = 16;
    private static final int UPRIGHT = 1;

    static {
        // Its readers are found by the loader of whichever thread asks first.
        var thread = Thread.currentThread();
        var loader = thread.getContextClassLoader();
        thread.setContextClassLoader(ImageEncoder.class.getClassLoader());
        ImageIO.scanForPlugins();
        thread.setContextClassLoader(loader);
    }

    /** What it made. */
    record Made(ImageType type, int width, int height) {}

    /** One that takes no more pixels than the heap has room for. */
    static ImageEncoder of(ImageSettings settings) {
        var room = Runtime.getRuntime().maxMemory() / HEAP_BYTES_PER_PIXEL / settings.threads();
        return new ImageEncoder(Math.min(settings.maxPixels(), room));
    }

    /**
     * Writes the new image.
     *
     * @throws ProblemException if the source is none that can be taken
     * @throws IOException if the target can't be written
     */
    Made reencode(Path source, Path target) throws IOException {
        var format = UploadFormat.of(head(source));
        var image = decode(source, format);
        var type = format.kept(image.getColorModel().hasAlpha());
        encode(image, type, target);
        return new Made(type, image.getWidth(), image.getHeight());
    }

    private static byte[] head(Path source) throws IOException {
        try (var in = Files.newInputStream(source)) {
            return in.readNBytes(UploadFormat.HEAD);
        }
    }

    private BufferedImage decode(Path source, UploadFormat format) {
        try (var in = new FileImageInputStream(source.toFile())) {
            if (format == UploadFormat.JPEG) {
                checkScans(source);
            }
            var turned = format == UploadFormat.JPEG ? orientation(in) : UPRIGHT;
            in.seek(0);
            var reader = ImageIO.getImageReadersByFormatName(format.format()).next();
            try {
                reader.setInput(in, true, true);
                checkSize(reader);
                return draw(reader.read(0), turned);
            } finally {
                reader.dispose();
            }
        } catch (ProblemException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Whatever a decoder makes of hostile bytes.
            throw Problem.UNREADABLE_IMAGE.because("It begins as " + format + ", but can't be decoded.");
        }
    }

    /** Before anything is decoded: a few bytes may claim to be a picture larger than all memory. */
    private void checkSize(ImageReader reader) throws IOException {
        long width = reader.getWidth(0);
        long height = reader.getHeight(0);
        if (width * height > maxPixels) {
            throw Problem.CONTENT_TOO_LARGE.because("The image has " + width + " × " + height
                    + " pixels; this server takes up to " + maxPixels + ". Make it smaller.");
        }
    }

    private static void checkScans(Path source) throws IOException {
        var scans = 0;
        try (var in = new BufferedInputStream(Files.newInputStream(source, StandardOpenOption.READ))) {
            var before = 0;
            for (var next = in.read(); next >= 0; next = in.read()) {
                if (before == 0xFF && next == 0xDA && ++scans > MOST_SCANS) {
                    throw Problem.UNREADABLE_IMAGE.because("It has more than " + MOST_SCANS + " scans.");
                }
                before = next;
            }
        }
    }

    /** How the camera was held: what viewers turn by, and what would be lost with the metadata. */
    private static int orientation(FileImageInputStream in) {
        try {
            var segments = JPEGSegmentUtil.readSegments(in, JPEG.APP1, "Exif");
            if (segments.isEmpty()) {
                return UPRIGHT;
            }
            try (var data = segments.getFirst().data()) {
                // The identifier ends with two zeros, one of which is still there.
                data.skipNBytes(1);
                var entry = new TIFFReader()
                        .read(new MemoryCacheImageInputStream(data))
                        .getEntryById(TIFF.TAG_ORIENTATION);
                return entry != null && entry.getValue() instanceof Number turned ? turned.intValue() : UPRIGHT;
            }
        } catch (IOException | RuntimeException e) {
            // Metadata that can't be read says nothing.
            return UPRIGHT;
        }
    }

    /** The image upright and in sRGB, which is what browsers take one without a colour profile for. */
    private static BufferedImage draw(BufferedImage image, int orientation) {
        var colors = image.getColorModel().getColorSpace();
        var isPlain = colors.isCS_sRGB() || image.getType() == BufferedImage.TYPE_BYTE_GRAY;
        if (isPlain && (orientation <= UPRIGHT || orientation > 8)) {
            return image;
        }
        var isOnItsSide = orientation >= 5 && orientation <= 8;
        int width = image.getWidth();
        int height = image.getHeight();
        var drawn = new BufferedImage(
                isOnItsSide ? height : width,
                isOnItsSide ? width : height,
                image.getColorModel().hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        var graphics = drawn.createGraphics();
        graphics.drawRenderedImage(image, turn(orientation, width, height));
        graphics.dispose();
        return drawn;
    }

    private static AffineTransform turn(int orientation, int width, int height) {
        return switch (orientation) {
            case 2 -> new AffineTransform(-1, 0, 0, 1, width, 0);
            case 3 -> new AffineTransform(-1, 0, 0, -1, width, height);
            case 4 -> new AffineTransform(1, 0, 0, -1, 0, height);
            case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
            case 6 -> new AffineTransform(0, 1, -1, 0, height, 0);
            case 7 -> new AffineTransform(0, -1, -1, 0, height, width);
            case 8 -> new AffineTransform(0, -1, 1, 0, 0, width);
            default -> new AffineTransform();
        };
    }

    private static void encode(BufferedImage image, ImageType type, Path target) throws IOException {
        var writer = ImageIO.getImageWritersByFormatName(type.format()).next();
        Files.deleteIfExists(target);
        try (var out = new FileImageOutputStream(target.toFile())) {
            writer.setOutput(out);
            var how = writer.getDefaultWriteParam();
            if (type == ImageType.JPEG) {
                how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                how.setCompressionQuality(QUALITY);
            }
            // The pixels alone: neither metadata nor thumbnails.
            writer.write(null, new IIOImage(image, null, null), how);
        } finally {
            writer.dispose();
        }
    }
}
