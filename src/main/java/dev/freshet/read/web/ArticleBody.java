package dev.freshet.read.web;

import dev.freshet.content.article.Embed;
import dev.freshet.content.article.HtmlWriter;
import dev.freshet.content.image.ArticleImage;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * The body of an article, completed for its page. Images get their dimensions, smaller sizes and a preview, so that the
 * text does not move and little is transferred. Images that the page's policy blocks become links.
 *
 * @param frames the origins of the frames that the reader may open
 */
record ArticleBody(String html, List<String> frames) {

    // The column of text in freshet.css: 36rem of 18 or 16 pixels, or the window without its gutters.
    private static final String COLUMN = "(min-width: 768px) 648px, (min-width: 626px) 576px, 92vw";
    private static final int COLUMN_WIDTH = 648;
    // They are in a header. The links to others stay plain.
    private static final int MAX_FRAME_ORIGINS = 20;
    private static final Pattern SIZE_IN_NAME =
            Pattern.compile("-([1-9][0-9]{1,3})x([1-9][0-9]{1,3})\\.(?:jpe?g|png|gif|webp|avif)(?:[?#].*)?$");
    private static final Pattern PIXELS = Pattern.compile("[1-9][0-9]{0,4}");

    ArticleBody {
        frames = List.copyOf(frames);
    }

    /**
     * Completes a body.
     *
     * @param html the sanitised body
     * @param images the images in it that are stored here
     */
    static ArticleBody of(String html, List<ArticleImage> images) {
        if (!html.contains("<img") && !hasEmbeds(html)) {
            return new ArticleBody(html, List.of());
        }
        var byPath = images.stream().collect(Collectors.toMap(ArticleImage::path, Function.identity()));
        var body = Jsoup.parseBodyFragment(html);
        linkBlockedImages(body);
        var isFirst = true;
        for (var element : body.select("img")) {
            load(element, isFirst);
            describe(element, byPath);
            isFirst = false;
        }
        var frames = offerFrames(body);
        return new ArticleBody(HtmlWriter.body(body), frames);
    }

    /** Returns whether a body may have frames. */
    static boolean hasEmbeds(String html) {
        return html.contains("class=\"embed\"");
    }

    /** Names the frame of each embed, which a script opens in place of the link when the reader clicks on it. */
    private static List<String> offerFrames(Document body) {
        var origins = new LinkedHashSet<String>();
        for (var link : body.select("a.embed[href]")) {
            Embed.of(link.attr("href")).ifPresent(embed -> {
                var frame = URI.create(embed.frame());
                origins.add("https://" + frame.getRawAuthority());
                if (origins.size() <= MAX_FRAME_ORIGINS) {
                    link.attr("data-frame", embed.frame())
                            .attr("data-shape", embed.isVideo() ? "video" : "post")
                            .attr("title", "Loads content of " + frame.getHost());
                }
            });
        }
        return origins.stream().limit(MAX_FRAME_ORIGINS).toList();
    }

    /** Shows images as links that are not sent over https. */
    private static void linkBlockedImages(Document body) {
        for (var image : body.select("img[src]")) {
            var address = image.attr("src");
            if (address.toLowerCase(Locale.ROOT).startsWith("http:")) {
                var text = image.attr("alt").isBlank() ? address : image.attr("alt");
                image.replaceWith(new Element("a")
                        .attr("href", address)
                        .attr("rel", "nofollow noopener")
                        .text(text));
            }
        }
    }

    /** The first image is often in view when the page opens. */
    private static void load(Element image, boolean isFirst) {
        if (isFirst) {
            image.removeAttr("loading").attr("fetchpriority", "high");
        } else {
            image.attr("loading", "lazy").attr("decoding", "async");
        }
    }

    private static void describe(Element element, Map<String, ArticleImage> images) {
        var image = images.get(element.attr("src"));
        if (image == null) {
            describeByName(element);
            return;
        }
        var width = width(element, image);
        var srcset = image.srcset();
        if (!srcset.isEmpty()) {
            element.attr("srcset", srcset).attr("sizes", width < COLUMN_WIDTH ? "min(" + width + "px, 92vw)" : COLUMN);
        }
        var preview = image.preview();
        if (preview != null) {
            var frame = new Element("span").addClass("picture");
            element.replaceWith(frame);
            frame.appendElement("img")
                    .addClass("preview")
                    .attr("src", preview)
                    .attr("alt", "")
                    .attr("aria-hidden", "true");
            frame.appendChild(element);
        }
    }

    /** Sets the dimensions of an image elsewhere if its name has them, as WordPress names the sizes of images. */
    private static void describeByName(Element element) {
        var size = SIZE_IN_NAME.matcher(element.attr("src"));
        if (!element.hasAttr("width") && !element.hasAttr("height") && size.find()) {
            element.attr("width", size.group(1)).attr("height", size.group(2));
        }
    }

    /** Sets the dimensions that the author did not set. Returns the width in pixels. */
    private static int width(Element element, ArticleImage image) {
        var width = pixels(element, "width");
        var height = pixels(element, "height");
        if (element.hasAttr("width") != element.hasAttr("height")) {
            width = width == 0 ? height * image.width() / image.height() : width;
            height = height == 0 ? width * image.height() / image.width() : height;
        } else if (!element.hasAttr("width")) {
            width = image.width();
            height = image.height();
        }
        if (width > 0 && height > 0) {
            element.attr("width", String.valueOf(width)).attr("height", String.valueOf(height));
        }
        return (int) (width > 0 ? width : image.width());
    }

    /** Returns an attribute in pixels; 0 if it is absent or has another unit. */
    private static long pixels(Element element, String attribute) {
        var value = element.attr(attribute);
        return PIXELS.matcher(value).matches() ? Long.parseLong(value) : 0;
    }
}
