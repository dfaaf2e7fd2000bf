package dev.freshet.read.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.image.ArticleImage;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArticleBodyTests {

    private static final String NAME = "0123456789abcdef0123456789abcdef.jpg";
    private static final List<ArticleImage> IMAGES =
            List.of(new ArticleImage(NAME, 4000, 3000, null, List.of("480.jpg", "768.jpg", "1152.jpg", "1600.jpg")));

    @ParameterizedTest
    @CsvSource({
        "'', 4000, 3000, '(min-width: 768px) 648px, (min-width: 626px) 576px, 92vw'",
        "width=\"200\", 200, 150, 'min(200px, 92vw)'",
        "height=\"300\", 400, 300, 'min(400px, 92vw)'",
        "width=\"200\" height=\"80\", 200, 80, 'min(200px, 92vw)'",
        "width=\"50%\", 50%, '', '(min-width: 768px) 648px, (min-width: 626px) 576px, 92vw'"
    })
    void dimensionsOfTheAuthorAreKept(String attributes, String width, String height, String sizes) {
        var body = ArticleBody.of("<img src=\"/images/" + NAME + "\" " + attributes + ">", IMAGES);

        var image = Jsoup.parse(body.html()).select("img");
        assertThat(image.attr("width")).isEqualTo(width);
        assertThat(image.attr("height")).isEqualTo(height);
        assertThat(image.attr("sizes")).isEqualTo(sizes);
        assertThat(image.attr("srcset")).endsWith("-1600.jpg 1600w");
    }

    @ParameterizedTest
    @CsvSource({
        "dog-1024x768.jpg, '', 1024, 768",
        "dog-1024x768.webp?x=1, '', 1024, 768",
        "dog-1024x768.jpg, width=\"200\", 200, ''",
        "dog-0x768.jpg, '', '', ''",
        "dog-1024x768.html, '', '', ''"
    })
    void namesOfImagesContainTheirSize(String name, String attributes, String width, String height) {
        var body = ArticleBody.of("<img src=\"https://e.example/" + name + "\" " + attributes + ">", List.of());

        var image = Jsoup.parse(body.html()).select("img");
        assertThat(image.attr("width")).isEqualTo(width);
        assertThat(image.attr("height")).isEqualTo(height);
    }

    @Test
    void imagesThatThePolicyBlocksAreLinks() {
        var body = ArticleBody.of(
                "<img src=\"HTTP://e.example/a.png\"><img src=\"https://e.example/b.png\" loading=\"lazy\">",
                List.of());

        assertThat(body.html())
                .contains(">HTTP://e.example/a.png</a>")
                .contains("<img src=\"https://e.example/b.png\" fetchpriority=\"high\">");
    }

    @Test
    void numberOfFrameOriginsIsBounded() {
        var links = IntStream.range(0, 25)
                .mapToObj(i -> "<a class=\"embed\" href=\"https://m" + i + ".example/@ann/1234567890123\">post</a>")
                .collect(Collectors.joining());

        var body = ArticleBody.of(links, List.of());

        assertThat(body.frames()).hasSize(20).first().isEqualTo("https://m0.example");
        assertThat(Jsoup.parse(body.html()).select("[data-frame]")).hasSize(20);
    }
}
