package dev.freshet.read.syndication;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.content.article.Article;
import dev.freshet.content.article.Attachment;
import dev.freshet.platform.http.Representation;
import dev.freshet.read.page.FeedPage;
import dev.freshet.read.page.PageQuery;
import dev.freshet.read.page.PageRenderer;
import dev.freshet.read.page.SyndicationSettings;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Pages as JSON Feed 1.1. */
@Component
final class JsonFeedPages implements PageRenderer {

    private static final String VERSION = "https://jsonfeed.org/version/1.1";

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Document(
            String version,
            String title,
            @JsonProperty("home_page_url") String home,
            @JsonProperty("feed_url") String self,
            String description,
            @Nullable String language,
            @JsonProperty("next_url") @Nullable String next,
            @Nullable List<Hub> hubs,
            List<Item> items) {}

    private record Hub(String type, String url) {}

    /** An item must have content: the body, or the summary where the body was not requested. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Item(
            String id,
            String url,
            @JsonProperty("external_url") @Nullable String original,
            String title,
            @JsonProperty("content_html") @Nullable String html,
            @JsonProperty("content_text") @Nullable String text,
            String summary,
            @JsonProperty("date_published") Instant published,
            @JsonProperty("date_modified") Instant modified,
            List<Author> authors,
            List<String> tags,
            String language,
            @Nullable String image,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<File> attachments) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record File(
            String url,
            @JsonProperty("mime_type") String type,
            @Nullable String title,
            @JsonProperty("size_in_bytes") @Nullable Long size,
            @JsonProperty("duration_in_seconds") @Nullable Long duration) {

        static File of(Attachment attachment) {
            var type = attachment.type();
            return new File(
                    attachment.address(),
                    type == null ? "application/octet-stream" : type,
                    attachment.title(),
                    attachment.length(),
                    attachment.duration());
        }
    }

    private record Author(String name) {}

    private final JsonMapper json;
    private final SyndicationSettings settings;

    JsonFeedPages(JsonMapper json, SyndicationSettings settings) {
        this.json = json;
        this.settings = settings;
    }

    @Override
    public Representation representation() {
        return Representation.JSON_FEED;
    }

    @Override
    public byte[] render(PageQuery query, FeedPage page) {
        var syndication = new Syndication(query, page, settings.hub(query));
        var hub = settings.hub(query);
        return json.writeValueAsBytes(new Document(
                VERSION,
                syndication.title(),
                syndication.home(),
                syndication.self(),
                syndication.description(),
                syndication.language(),
                syndication.next(),
                hub == null ? null : List.of(new Hub("WebSub", hub)),
                syndication.articles().stream()
                        .map(article -> item(syndication, article))
                        .toList()));
    }

    private static Item item(Syndication syndication, Article article) {
        return new Item(
                syndication.id(article),
                syndication.address(article),
                article.content().canonicalUrl(),
                article.content().title(),
                syndication.html(article),
                article.content().html() == null ? article.content().summary() : null,
                article.content().summary(),
                syndication.published(article),
                article.publication().updatedAt(),
                List.of(new Author(article.content().author())),
                article.content().tags(),
                article.content().language(),
                article.content().image(),
                article.content().attachments().stream().map(File::of).toList());
    }
}
