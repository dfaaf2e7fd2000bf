package dev.freshet.content.image;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An image that an article shows and that is stored here, as the markup of a page describes it.
 *
 * @param name the name of the image, the last part of its path
 * @param width the width in pixels
 * @param height the height in pixels
 * @param preview a tiny image as a data URL; null for a transparent image or an icon
 * @param sizes the suffixes of the smaller sizes by ascending width, such as {@code 480.jpg}
 */
public record ArticleImage(
        String name, int width, int height, @Nullable String preview, List<String> sizes) {

    /** An SQL expression with the images of the article of table {@code a}, as text that {@link #parse} reads. */
    public static final String SQL = "(select json_agg(json_build_object('name', i.name, 'width', i.width,"
            + " 'height', i.height, 'preview', i.preview, 'sizes', i.sizes))::text"
            + " from article_image ai join image i on i.name = ai.name where ai.article_id = a.id and i.width > 0)";

    private static final JsonMapper JSON = new JsonMapper();

    public ArticleImage {
        sizes = List.copyOf(sizes);
    }

    /**
     * Returns the images of an article.
     *
     * @param json a value of {@link #SQL}
     */
    public static List<ArticleImage> parse(@Nullable String json) {
        return json == null ? List.of() : List.of(JSON.readValue(json, ArticleImage[].class));
    }

    /** Returns the path, as articles name the image. */
    public String path() {
        return ImageName.PATH + name;
    }

    /**
     * Returns the value of the attribute {@code srcset}; empty if there are no smaller sizes. A large image itself is not in
     * it, since its largest size fills the page.
     */
    public String srcset() {
        if (sizes.isEmpty()) {
            return "";
        }
        var image = new ImageName(name);
        var smaller = sizes.stream().map(size -> image.size(size).path() + " " + widthOf(size) + "w");
        var whole = widthOf(sizes.getLast()) < SmallerSizes.MAX_WIDTH
                ? Stream.of(path() + " " + width + "w")
                : Stream.<String>empty();
        return Stream.concat(smaller, whole).collect(Collectors.joining(", "));
    }

    private static int widthOf(String size) {
        return Integer.parseInt(size.substring(0, size.indexOf('.')));
    }
}
