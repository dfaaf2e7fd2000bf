package dev.freshet.load.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DataSetTests {

    private static final int COUNT = 2000;

    private final JsonMapper json = JsonMapper.builder().build();

    @Test
    void dataIsTheSameForEachRun() {
        assertThat(new DataSet().line(17, COUNT)).isEqualTo(new DataSet().line(17, COUNT));
        assertThat(new DataSet().line(17, COUNT)).isNotEqualTo(new DataSet().line(18, COUNT));
    }

    @Test
    void searchesHaveNoStopWords() {
        var data = new DataSet();
        var random = new SplittableRandom(1);
        for (var i = 0; i < 10_000; i++) {
            assertThat(data.query(random).split("\\+"))
                    .hasSize(2)
                    .doesNotContain(
                            "or", "the", "about", "which", "because", "should", "through", "between", "further");
        }
    }

    @Test
    void dataResemblesABlog() {
        var data = new DataSet();
        var articles = IntStream.range(0, COUNT)
                .mapToObj(number -> json.readTree(data.line(number, COUNT)))
                .toList();
        var tags = new TreeMap<String, Integer>();
        articles.forEach(article -> article.path("tags").forEach(tag -> tags.merge(tag.asString(), 1, Integer::sum)));
        assertThat(tags.get("tag1")).isGreaterThan(3 * tags.get("tag10"));
        var words = articles.stream()
                .mapToInt(article -> article.path("body").asString().split("\\s+").length)
                .sorted()
                .toArray();
        // The same as in the blog that it follows, with a median of 788.
        assertThat(words[COUNT / 2]).isBetween(650, 950);
        assertThat(articles)
                .extracting(article -> article.path("publishedAt").asString())
                .isSorted();
        assertThat(articles).extracting(JsonNode::toString).doesNotHaveDuplicates();
    }
}
