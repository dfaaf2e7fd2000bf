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
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes an uploaded image and encodes its pixels as a new one. That removes metadata, such as the place of a photo, and
 * defeats files that are valid in several formats. Limits are checked before decoding. Blocks the thread.
 *
 * @param maxPixels the maximum number of pixels
 */
record ImageEncoder(long maxPixels) {

    // Each scan of a progressive JPEG is a pass over all pixels. Encoders produce about ten.
    private static final int MAX_SCANS = 100;
    private static final Pattern TRUNCATION = Pattern.compile("Truncated File|premature end of data");
    private static final float JPEG_QUALITY = 0.9f;
    // Covers the decoded and the rotated pixel, and other uses of the heap.
    private static final int HEAP_BYTES_PER_PIXEL = 16;
    private static final int UPRIGHT = 1;

    static {
        // ImageIO finds readers by the class loader of the first calling thread.
        var thread = Thread.currentThread();
        var loader = thread.getContextClassLoader();
        thread.setContextClassLoader(ImageEncoder.class.getClassLoader());
        ImageIO.scanForPlugins();
        thread.setContextClassLoader(loader);
    }

    /** Returns an encoder whose limit also fits the heap. */
    static ImageEncoder of(ImageSettings settings) {
        var heapPixels = Runtime.getRuntime().maxMemory() / HEAP_BYTES_PER_PIXEL / settings.threads();
        return new ImageEncoder(Math.min(settings.maxPixels(), heapPixels));
    }

    /**
     * Writes the new image, and its smaller sizes beside it.
     *
     * @throws ProblemException if the source is not a valid image
     * @throws IOException if writing the target fails
     */
    EncodedImage reencode(Path source, Path target) throws IOException {
        var format = UploadFormat.of(signature(source));
        var image = decode(source, format);
        var type = format.storedType(image.getColorModel().hasAlpha());
        Files.deleteIfExists(target);
        try (var out = new FileImageOutputStream(target.toFile())) {
            type.write(image, JPEG_QUALITY, out);
        }
        return encoded(image, type, target);
    }

    /**
     * Writes the smaller sizes of an image that was encoded before, beside it.
     *
     * @throws ProblemException if the file is not a valid image
     */
    EncodedImage addSizes(Path file, ImageType type) throws IOException {
        return encoded(decode(file, UploadFormat.of(signature(file))), type, file);
    }

    private static EncodedImage encoded(BufferedImage image, ImageType type, Path file) throws IOException {
        return new EncodedImage(
                type,
                image.getWidth(),
                image.getHeight(),
                SmallerSizes.preview(image),
                SmallerSizes.encode(image, type, file));
    }

    private static byte[] signature(Path source) throws IOException {
        try (var in = Files.newInputStream(source)) {
            return in.readNBytes(UploadFormat.SIGNATURE_BYTES);
        }
    }

    private BufferedImage decode(Path source, UploadFormat format) {
        try (var in = new FileImageInputStream(source.toFile())) {
            if (format == UploadFormat.JPEG) {
                checkScans(source);
            }
            var orientation = format == UploadFormat.JPEG ? orientation(in) : UPRIGHT;
            in.seek(0);
            var reader = ImageIO.getImageReadersByFormatName(format.format()).next();
            try {
                reader.setInput(in, true, true);
                checkSize(reader);
                reader.addIIOReadWarningListener(ImageEncoder::refuseTruncated);
                return draw(reader.read(0), orientation);
            } finally {
                reader.dispose();
            }
        } catch (ProblemException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Decoders throw various exceptions for malformed bytes.
            throw Problem.UNREADABLE_IMAGE.because("The image starts like " + format + ", but cannot be decoded.");
        }
    }

    /** The decoder of JPEG images only warns of a missing end, and fills the rest of the image with grey. */
    private static void refuseTruncated(ImageReader reader, String warning) {
        if (TRUNCATION.matcher(warning).find()) {
            throw Problem.UNREADABLE_IMAGE.because("The image is truncated. Upload the whole file.");
        }
    }

    /** Runs before decoding, because a small file may declare more pixels than fit into memory. */
    private void checkSize(ImageReader reader) throws IOException {
        long width = reader.getWidth(0);
        long height = reader.getHeight(0);
        if (width * height > maxPixels) {
            throw Problem.CONTENT_TOO_LARGE.because("The image has " + width + " × " + height + " pixels; the limit is "
                    + maxPixels + ". Scale it down.");
        }
    }

    private static void checkScans(Path source) throws IOException {
        var scans = 0;
        try (var in = new BufferedInputStream(Files.newInputStream(source, StandardOpenOption.READ))) {
            var before = 0;
            for (var next = in.read(); next >= 0; next = in.read()) {
                if (before == 0xFF && next == 0xDA && ++scans > MAX_SCANS) {
                    throw Problem.UNREADABLE_IMAGE.because("The image has more than " + MAX_SCANS + " scans.");
                }
                before = next;
            }
        }
    }

    /** Returns the Exif orientation, by which viewers rotate the image. */
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
                return entry != null && entry.getValue() instanceof Number orientation
                        ? orientation.intValue()
                        : UPRIGHT;
            }
        } catch (IOException | RuntimeException e) {
            // Invalid metadata is ignored.
            return UPRIGHT;
        }
    }

    /** Returns the image upright and in sRGB, which browsers assume without a colour profile. */
    private static BufferedImage draw(BufferedImage image, int orientation) {
        var colors = image.getColorModel().getColorSpace();
        var isPlain = colors.isCS_sRGB() || image.getType() == BufferedImage.TYPE_BYTE_GRAY;
        if (isPlain && (orientation <= UPRIGHT || orientation > 8)) {
            return image;
        }
        var isSideways = orientation >= 5 && orientation <= 8;
        int width = image.getWidth();
        int height = image.getHeight();
        var drawn = new BufferedImage(
                isSideways ? height : width,
                isSideways ? width : height,
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
}
