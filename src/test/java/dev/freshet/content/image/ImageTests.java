package dev.freshet.content.image;

import static dev.freshet.testing.Freshet.TIMEOUT;
import static dev.freshet.testing.Freshet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.identity.account.Accounts;
import dev.freshet.identity.account.Role;
import dev.freshet.identity.account.Scope;
import dev.freshet.identity.credential.Tokens;
import dev.freshet.testing.Freshet;
import dev.freshet.testing.Stores;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ImageTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LARGEST = 300_000;
    // Two frames of three by two pixels, the first of which is red.
    private static final String ANIMATED_WEBP = "UklGRoQAAABXRUJQVlA4WAoAAAACAAAAAgAAAQAAQU5JTQYAAAAAAAAAAABBTk1GKAAA"
            + "AAAAAAAAAAIAAAEAAGQAAAJWUDhMDwAAAC8CQAAABxD9j/4HIqL/AQBBTk1GKAAAAAAAAAAAAAIAAAEAAGQAAABWUDhMDwAAAC8CQAAABx"
            + "DR//4HIqL/AQA=";

    @TempDir
    private static Path folder;

    private static Freshet first;
    private static Freshet second;
    private static String token;

    @BeforeAll
    static void start() {
        var database = Stores.database();
        var settings = Map.of(
                "freshet.samples", "false",
                "freshet.images.folder", folder.toString(),
                "freshet.images.max-size", LARGEST + "B",
                "freshet.images.max-pixels", "1000000",
                "freshet.images.waiting", "1");
        first = Freshet.start(database, "", settings);
        second = Freshet.start(database, "", settings);
        var id = UUID.randomUUID();
        first.bean(Accounts.class)
                .create(id, "ann", null, Role.AUTHOR.toString())
                .block(TIMEOUT);
        token = Objects.requireNonNull(first.bean(Tokens.class)
                .issue(id, Set.of(Scope.ARTICLES_WRITE), Duration.ofHours(1), UUID.randomUUID())
                .block(TIMEOUT));
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pictures")
    void pixelsAreKeptAndMetadataIsRemoved(String name, byte[] bytes, String type, int width, int height)
            throws IOException {
        // The content type that the client declares is ignored.
        var answer = upload(bytes, "image/x-anything");

        assertThat(answer.getStatusCode().value()).as(answer.getBody()).isEqualTo(201);
        var upload = JSON.readTree(Objects.requireNonNull(answer.getBody()));
        var url = upload.path("url").asString();
        assertThat(url).matches("/images/[0-9a-f]{32}\\.(png|jpg)");
        assertThat(answer.getHeaders().getFirst("Location")).isEqualTo(url);
        assertThat(upload.path("type").asString()).isEqualTo(type);
        assertThat(upload.path("width").asInt()).isEqualTo(width);
        assertThat(upload.path("height").asInt()).isEqualTo(height);

        // Any instance serves what another took.
        var served = get(second, url);
        var kept = Objects.requireNonNull(served.getBody());
        assertThat(kept).hasSize(upload.path("bytes").asInt());
        assertThat(served.getHeaders().getContentType()).hasToString(type);
        assertThat(new String(kept, StandardCharsets.ISO_8859_1)).doesNotContain("SECRET", "<script", "Exif", "PK\3\4");
        var image = ImageIO.read(new ByteArrayInputStream(kept));
        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getHeight()).isEqualTo(height);
    }

    private static Stream<Arguments> pictures() throws IOException {
        var html = "<script>alert(1)</script> PK\3\4 SECRET".getBytes(StandardCharsets.ISO_8859_1);
        return Stream.of(
                Arguments.of("PNG", encoded("png", 30, 20), "image/png", 30, 20),
                Arguments.of("JPEG", encoded("jpeg", 30, 20), "image/jpeg", 30, 20),
                Arguments.of("GIF", encoded("gif", 30, 20), "image/png", 30, 20),
                Arguments.of(
                        "WebP", base64("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"), "image/jpeg", 1, 1),
                Arguments.of(
                        "lossless WebP", base64("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="), "image/png", 1, 1),
                Arguments.of("animated WebP", base64(ANIMATED_WEBP), "image/jpeg", 3, 2),
                Arguments.of("PNG and a page", joined(encoded("png", 30, 20), html), "image/png", 30, 20),
                Arguments.of("GIF and a page", joined(encoded("gif", 30, 20), html), "image/png", 30, 20),
                Arguments.of("JPEG and an archive", joined(encoded("jpeg", 30, 20), html), "image/jpeg", 30, 20),
                Arguments.of("PNG with text", withText(encoded("png", 30, 20)), "image/png", 30, 20),
                Arguments.of("photo of a camera that was held upright", photo(6), "image/jpeg", 20, 30),
                Arguments.of("photo with nonsense about the camera", photo(99), "image/jpeg", 30, 20));
    }

    @ParameterizedTest
    @CsvSource({"1, RED, BLUE", "2, BLUE, RED", "3, BLUE, RED", "6, RED, RED", "8, BLUE, BLUE"})
    void photosAreRotatedByTheirOrientation(int orientation, String topLeft, String topRight) throws IOException {
        var url = JSON.readTree(Objects.requireNonNull(
                        upload(photo(orientation), "image/jpeg").getBody()))
                .path("url")
                .asString();

        var image = ImageIO.read(
                new ByteArrayInputStream(Objects.requireNonNull(get(first, url).getBody())));

        assertThat(name(image.getRGB(2, 2))).isEqualTo(topLeft);
        assertThat(name(image.getRGB(image.getWidth() - 3, 2))).isEqualTo(topRight);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void invalidOrOversizedImagesAreRefused(String name, byte[] bytes, int status) throws IOException {
        var answer = upload(bytes, "image/png");

        assertThat(answer.getStatusCode().value()).as(answer.getBody()).isEqualTo(status);
        assertThat(answer.getHeaders().getContentType()).hasToString("application/problem+json");
        assertThat(answer.getBody()).doesNotContain("Exception", "javax", folder.toString());
        assertThat(files()).noneMatch(file -> file.startsWith("received"));
    }

    @Test
    void truncatedPhotoIsNamedAsSuch() throws IOException {
        assertThat(upload(half(noise("jpeg", 300, 200)), "image/jpeg").getBody())
                .contains("The image is truncated. Upload the whole file.");
    }

    private static Stream<Arguments> hostile() throws IOException {
        var png = encoded("png", 30, 20);
        var noise = new byte[LARGEST + 1];
        new Random(1).nextBytes(noise);
        return Stream.of(
                Arguments.of("nothing", new byte[0], 415),
                Arguments.of("text", "hello".getBytes(StandardCharsets.UTF_8), 415),
                Arguments.of(
                        "SVG",
                        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".getBytes(StandardCharsets.UTF_8),
                        415),
                Arguments.of(
                        "page that names itself GIF",
                        "GIF89a/*<script>alert(1)</script>*/=1;".getBytes(StandardCharsets.UTF_8),
                        422),
                Arguments.of("BMP", encoded("bmp", 3, 2), 415),
                Arguments.of("head of a PNG", java.util.Arrays.copyOf(png, 20), 422),
                Arguments.of("half a PNG", java.util.Arrays.copyOf(png, png.length / 2), 422),
                Arguments.of("head of a JPEG", java.util.Arrays.copyOf(encoded("jpeg", 9, 9), 30), 422),
                Arguments.of("JPEG without its last byte", cut(encoded("jpeg", 30, 20), 1), 422),
                Arguments.of("half a photo", half(noise("jpeg", 300, 200)), 422),
                Arguments.of("half a progressive photo", half(progressive(noise("png", 300, 200))), 422),
                Arguments.of("half a WebP", half(base64(ANIMATED_WEBP)), 422),
                Arguments.of("head of a WebP", "RIFF\0\0\0\0WEBPVP8 ".getBytes(StandardCharsets.ISO_8859_1), 422),
                Arguments.of("PNG of 50,000 by 50,000", pngHead(50_000, 50_000), 413),
                Arguments.of("PNG of more than an int", pngHead(Integer.MAX_VALUE, Integer.MAX_VALUE), 413),
                Arguments.of("JPEG of 65,000 by 65,000", resized(encoded("jpeg", 9, 9), 65_000), 413),
                Arguments.of("real PNG of one colour", encoded("png", 2000, 2000), 413),
                Arguments.of(
                        "JPEG of many scans",
                        joined(encoded("jpeg", 9, 9), "\u00ff\u00da".repeat(200).getBytes(StandardCharsets.ISO_8859_1)),
                        422),
                Arguments.of("noise beyond the limit", joined(png, noise), 413));
    }

    @Test
    void uploadOfUnknownLengthIsRefusedAtTheLimit() {
        var answer = Objects.requireNonNull(first.client()
                .post()
                .uri("/api/v1/images")
                .headers(headers -> headers.setBearerAuth(token))
                .contentType(MediaType.IMAGE_PNG)
                .body(Flux.range(0, 100).map(i -> "x".repeat(10_000)), String.class)
                .exchangeToMono(response -> response.toEntity(String.class))
                .block(TIMEOUT));

        assertThat(answer.getStatusCode().value()).isEqualTo(413);
        assertThat(answer.getBody()).contains("exceeds " + LARGEST + " bytes");
    }

    @Test
    void formsAreRefused() throws IOException {
        assertThat(upload(encoded("png", 3, 2), "multipart/form-data; boundary=x")
                        .getStatusCode()
                        .value())
                .isEqualTo(415);
    }

    @Test
    void uploadsBeyondTheQueueAreRefused() throws Exception {
        var busy = first.bean("imageDecoding", Scheduler.class);
        var begun = new CountDownLatch(1);
        var free = new CountDownLatch(1);
        Runnable hold = () -> {
            begun.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        busy.schedule(hold);
        assertThat(begun.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        busy.schedule(hold);
        try {
            var answer = upload(encoded("png", 3, 2), "image/png");
            assertThat(answer.getStatusCode().value()).isEqualTo(503);
            assertThat(answer.getHeaders().getFirst("Retry-After")).isNotNull();
        } finally {
            free.countDown();
        }
        // The second of them waits for a moment yet.
        var image = encoded("png", 3, 2);
        until(() -> upload(image, "image/png").getStatusCode().value() == 201);
    }

    @Test
    void imagesAreImmutableAndRunNoScripts() throws IOException {
        var url = uploaded();

        var answer = get(first, url);

        var headers = answer.getHeaders();
        assertThat(headers.getCacheControl()).isEqualTo("max-age=31536000, public, immutable");
        assertThat(headers.getETag()).isEqualTo("\"" + url.substring("/images/".length()) + "\"");
        assertThat(headers.get("Content-Security-Policy")).containsExactly("default-src 'none'; sandbox");
        assertThat(headers.get("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(headers.get("Cross-Origin-Resource-Policy")).containsExactly("cross-origin");
        assertThat(headers.getFirst("Accept-Ranges")).isEqualTo("bytes");
        assertThat(get(first, url, "If-None-Match", String.valueOf(headers.getETag()))
                        .getStatusCode()
                        .value())
                .isEqualTo(304);
        var head = ask(first, HttpMethod.HEAD, url);
        assertThat(head.getStatusCode().value()).isEqualTo(200);
        assertThat(head.getHeaders().getContentLength()).isEqualTo(headers.getContentLength());
        assertThat(head.getBody()).isNull();
    }

    @Test
    void rangesAddUpToTheImage() throws IOException {
        var url = uploaded();
        var whole = Objects.requireNonNull(get(first, url).getBody());
        var last = whole.length - 1;

        var start = get(first, url, "Range", "bytes=0-9");
        var rest = get(first, url, "Range", "bytes=10-");

        assertThat(start.getStatusCode().value()).isEqualTo(206);
        assertThat(start.getHeaders().getFirst("Content-Range")).isEqualTo("bytes 0-9/" + whole.length);
        assertThat(rest.getHeaders().getFirst("Content-Range")).isEqualTo("bytes 10-" + last + "/" + whole.length);
        assertThat(joined(Objects.requireNonNull(start.getBody()), Objects.requireNonNull(rest.getBody())))
                .isEqualTo(whole);
        assertThat(get(first, url, "Range", "bytes=-1").getBody()).containsExactly(whole[last]);
        // All of it, where the part is of another version, or not one.
        assertThat(get(first, url, "Range", "bytes=0-9", "If-Range", "\"other\"")
                        .getBody())
                .isEqualTo(whole);
        assertThat(get(first, url, "Range", "bytes=0-1,4-5").getBody()).isEqualTo(whole);
        assertThat(get(first, url, "Range", "nonsense").getBody()).isEqualTo(whole);
        var beyond = get(first, url, "Range", "bytes=" + whole.length + "-");
        assertThat(beyond.getStatusCode().value()).isEqualTo(416);
        assertThat(beyond.getHeaders().getFirst("Content-Range")).isEqualTo("bytes */" + whole.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/images/00000000000000000000000000000000.png", "/images/x", "/images/..%2f..%2ffirst-token",
                "/images/..%2F00%2F00000000000000000000000000000000.png", "/images/%00", "/images/uploads",
                "/images/00000000000000000000000000000000.svg"
            })
    void unknownImageNamesReturn404(String path) {
        assertThat(ask(first, HttpMethod.GET, path).getStatusCode().value()).isIn(400, 404);
    }

    @Test
    void articlesShowImages() throws IOException {
        var url = uploaded();
        var article = publish("![a *picture*](" + url + ") ![other](/images/other.png) ![x](/etc/x.png)", "published");

        assertThat(article.path("html").asString())
                .contains("<img src=\"" + url + "\" alt=\"a picture\"")
                // Relative to the article's address here.
                .contains("<img src=\"/images/other.png\"", "<img src=\"/etc/x.png\"");
        for (var format : List.of("atom", "rss", "json-feed")) {
            var feed = new String(
                    Objects.requireNonNull(get(first, "/api/v1/articles?fields=full&format=" + format)
                            .getBody()),
                    StandardCharsets.UTF_8);
            assertThat(feed).as(format).contains(first.url() + url);
        }
    }

    @Test
    void largeImagesAreStoredInSmallerSizes() throws IOException {
        var url = uploaded(encoded("jpeg", 1000, 500));
        var page = page("![one](" + url + ")");

        var image = page.select(".picture > img:not(.preview)");
        assertThat(image.attr("src")).isEqualTo(url);
        assertThat(image.attr("width")).isEqualTo("1000");
        assertThat(image.attr("height")).isEqualTo("500");
        var base = url.replace(".jpg", "");
        assertThat(image.attr("srcset"))
                .isEqualTo(base + "-480.jpg 480w, " + base + "-768.jpg 768w, " + url + " 1000w");
        for (var width : List.of(480, 768)) {
            var served = get(second, base + "-" + width + ".jpg");
            assertThat(served.getHeaders().getContentType()).hasToString("image/jpeg");
            assertThat(served.getHeaders().getCacheControl()).contains("immutable");
            var pixels = ImageIO.read(new ByteArrayInputStream(Objects.requireNonNull(served.getBody())));
            assertThat(pixels.getWidth()).isEqualTo(width);
            assertThat(pixels.getHeight()).isEqualTo(width / 2);
            assertThat(name(pixels.getRGB(2, 2))).isEqualTo("RED");
            assertThat(name(pixels.getRGB(width - 3, 2))).isEqualTo("BLUE");
        }
        var preview = ImageIO.read(new ByteArrayInputStream(
                base64(page.select(".preview").attr("src").substring("data:image/png;base64,".length()))));
        assertThat(preview.getWidth()).isEqualTo(10);
        assertThat(preview.getHeight()).isEqualTo(5);
        assertThat(name(preview.getRGB(0, 0))).isEqualTo("RED");
        assertThat(get(first, base + "-1152.jpg").getStatusCode().value()).isEqualTo(404);
    }

    @Test
    void transparencyIsKeptInSmallerSizes() throws IOException {
        var transparent = new BufferedImage(700, 700, BufferedImage.TYPE_INT_ARGB);
        var random = new Random(7);
        for (var y = 0; y < 700; y += 10) {
            for (var x = 0; x < 700; x++) {
                transparent.setRGB(x, y, random.nextInt() | 0xFF000000);
            }
        }
        var url = uploaded(written(transparent, "png"));

        var page = page("![](" + url + ")");

        assertThat(page.select(".preview")).isEmpty();
        var size = url.replace(".png", "-480.png");
        assertThat(page.select(".body img").attr("srcset")).isEqualTo(size + " 480w, " + url + " 700w");
        var pixels = ImageIO.read(
                new ByteArrayInputStream(Objects.requireNonNull(get(first, size).getBody())));
        assertThat(pixels.getColorModel().hasAlpha()).isTrue();
        assertThat(pixels.getRGB(2, 2) >>> 24).isZero();
    }

    @Test
    void photosInPngHaveSizesInJpeg() throws IOException {
        var url = uploaded(noise("png", 620, 100));

        var size = url.replace(".png", "-480.jpg");
        assertThat(page("![](" + url + ")").select(".body img:not(.preview)").attr("srcset"))
                .isEqualTo(size + " 480w, " + url + " 620w");
        assertThat(get(first, size).getHeaders().getContentType()).hasToString("image/jpeg");
    }

    @Test
    void sizesAreDeletedWithTheirImage() throws IOException {
        var url = uploaded(encoded("jpeg", 1000, 500));
        var base = name(url).replace(".jpg", "");
        assertThat(files()).contains(base + ".jpg", base + "-480.jpg", base + "-768.jpg");
        age(url);

        assertThat(collect()).isOne();

        assertThat(files()).noneMatch(file -> file.startsWith(base));
    }

    @Test
    void imagesOfEarlierVersionsGetSizes() throws IOException {
        var url = uploaded(encoded("jpeg", 1000, 500));
        var other = uploaded(encoded("jpeg", 1000, 500));
        var unreadable = uploaded(encoded("jpeg", 1000, 500));
        var base = name(url).replace(".jpg", "");
        for (var file : List.of(base + "-480.jpg", base + "-768.jpg")) {
            Files.delete(file(file));
        }
        Files.writeString(file(name(unreadable)), "no image");
        first.bean(DatabaseClient.class)
                .sql("update image set width = null, height = null, preview = null, sizes = '{}',"
                        + " created_at = created_at - interval '1 hour' where name = any(:names)")
                .bind("names", new String[] {name(url), name(other), name(unreadable)})
                .then()
                .block(TIMEOUT);
        assertThat(page("![](" + url + ")").select(".body img").attr("width")).isEmpty();

        var tried = Flux.just(first, second)
                .flatMap(instance ->
                        instance.bean(OlderImages.class).addSizes().subscribeOn(Schedulers.boundedElastic()))
                .reduce(0L, Long::sum)
                .block(TIMEOUT);

        // More than there are callers.
        assertThat(tried).isEqualTo(3);
        assertThat(files()).contains(base + "-480.jpg", base + "-768.jpg");
        assertThat(page("![](" + url + ")").select(".body img:not(.preview)").attr("srcset"))
                .contains(base + "-768.jpg 768w");
        assertThat(Freshet.get(first.bean(OlderImages.class).addSizes())).isZero();
    }

    private static Path file(String name) {
        return folder.resolve(name.substring(0, 2)).resolve(name);
    }

    private static org.jsoup.nodes.Document page(String body) {
        var article = publish(body, "published");
        var path = "/articles/" + article.path("id").asString() + "/"
                + article.path("slug").asString();
        return Jsoup.parse(new String(
                Objects.requireNonNull(get(second, path, "Accept", "text/html").getBody()), StandardCharsets.UTF_8));
    }

    @Test
    void unusedImagesAreDeletedByOneInstance() throws IOException {
        var shown = uploaded();
        var drafted = uploaded();
        var orphan = uploaded();
        var fresh = uploaded();
        var article = publish("![](" + shown + ")", "published");
        publish("![](" + drafted + ")", "draft");
        age(orphan, shown, drafted);

        var deleted = Flux.just(first, second, first, second)
                .flatMap(instance -> instance.bean(ImageRegistry.class)
                        .collect(Duration.ofDays(1))
                        .subscribeOn(Schedulers.boundedElastic()))
                .reduce(0L, Long::sum)
                .block(TIMEOUT);

        assertThat(deleted).isOne();
        assertThat(files()).doesNotContain(name(orphan)).contains(name(shown), name(drafted), name(fresh));

        send(HttpMethod.DELETE, "/api/v1/articles/" + article.path("id").asString(), null);
        // Found unused, and a day later deleted.
        assertThat(collect()).isZero();
        assertThat(get(second, shown).getStatusCode().value()).isEqualTo(200);
        age(shown);
        assertThat(collect()).isOne();
        assertThat(files()).doesNotContain(name(shown)).contains(name(drafted), name(fresh));
        assertThat(get(first, shown).getStatusCode().value()).isEqualTo(404);
    }

    @Test
    void imageRemovedAndAddedAgainIsKept() throws IOException {
        var url = uploaded();
        var article = publish("![](" + url + ")", "published");
        var path = "/api/v1/articles/" + article.path("id").asString();
        send(HttpMethod.PATCH, path, "{\"body\": \"without\"}");
        assertThat(shows(url)).isZero();
        collect();
        send(HttpMethod.PATCH, path, "{\"body\": \"![](" + url + ") ![](" + url + ")\"}");
        assertThat(shows(url)).isOne();
        age(url);

        assertThat(collect()).isZero();
        assertThat(files()).contains(name(url));
    }

    private static long shows(String url) {
        return Objects.requireNonNull(first.bean(DatabaseClient.class)
                .sql("select count(*) from article_image where name = :name")
                .bind("name", name(url))
                .mapValue(Long.class)
                .one()
                .block(TIMEOUT));
    }

    private static long collect() {
        return Objects.requireNonNull(
                first.bean(ImageRegistry.class).collect(Duration.ofDays(1)).block(TIMEOUT));
    }

    /** Makes unused images two days older. */
    private static void age(String... urls) {
        first.bean(DatabaseClient.class)
                .sql("update image set unused_since = unused_since - interval '2 days' where name = any(:names)")
                .bind("names", Stream.of(urls).map(ImageTests::name).toArray(String[]::new))
                .then()
                .block(TIMEOUT);
    }

    private static List<String> files() throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private static String name(String url) {
        return url.substring("/images/".length());
    }

    private static String uploaded() throws IOException {
        return uploaded(encoded("png", 30, 20));
    }

    private static String uploaded(byte[] bytes) {
        var answer = Objects.requireNonNull(upload(bytes, "image/png").getBody());
        return JSON.readTree(answer).path("url").asString();
    }

    private static JsonNode publish(String body, String status) {
        var json = JSON.writeValueAsString(Map.of("title", "T", "body", body, "status", status));
        return JSON.readTree(Objects.requireNonNull(
                send(HttpMethod.POST, "/api/v1/articles", json).getBody()));
    }

    private static ResponseEntity<String> send(
            HttpMethod method, String path, @org.jspecify.annotations.Nullable String json) {
        var request = first.client().method(method).uri(path).headers(headers -> {
            headers.setBearerAuth(token);
            headers.set("If-Match", "*");
            headers.set(
                    "Content-Type",
                    method.equals(HttpMethod.PATCH) ? "application/merge-patch+json" : "application/json");
        });
        return Objects.requireNonNull((json == null ? request : request.bodyValue(json))
                .exchangeToMono(response -> response.toEntity(String.class))
                .doOnNext(answer -> assertThat(answer.getStatusCode().is2xxSuccessful())
                        .as(answer.getBody())
                        .isTrue())
                .block(TIMEOUT));
    }

    private static ResponseEntity<String> upload(byte[] bytes, String type) {
        return Objects.requireNonNull(first.client()
                .post()
                .uri("/api/v1/images")
                .headers(headers -> headers.setBearerAuth(token))
                .header("Content-Type", type)
                .bodyValue(bytes)
                .exchangeToMono(response -> response.toEntity(String.class))
                .block(TIMEOUT));
    }

    private static ResponseEntity<byte[]> get(Freshet instance, String path, String... headers) {
        return ask(instance, HttpMethod.GET, path, headers);
    }

    private static ResponseEntity<byte[]> ask(Freshet instance, HttpMethod method, String path, String... headers) {
        return Objects.requireNonNull(instance.client()
                .method(method)
                .uri(java.net.URI.create(instance.url() + path))
                .headers(all -> {
                    for (int i = 0; i < headers.length; i += 2) {
                        all.set(headers[i], headers[i + 1]);
                    }
                })
                .exchangeToMono(response -> response.toEntity(byte[].class))
                .block(TIMEOUT));
    }

    /** Red on its left, blue on its right. */
    private static byte[] encoded(String format, int width, int height) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                image.setRGB(x, y, (x < width / 2 ? Color.RED : Color.BLUE).getRGB());
            }
        }
        return written(image, format);
    }

    private static byte[] noise(String format, int width, int height) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var random = new Random(3);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return written(image, format);
    }

    private static byte[] written(BufferedImage image, String format) throws IOException {
        var out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, out)).isTrue();
        return out.toByteArray();
    }

    private static byte[] progressive(byte[] image) throws IOException {
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var out = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            var parameters = writer.getDefaultWriteParam();
            parameters.setProgressiveMode(javax.imageio.ImageWriteParam.MODE_DEFAULT);
            writer.write(
                    null,
                    new javax.imageio.IIOImage(ImageIO.read(new ByteArrayInputStream(image)), null, null),
                    parameters);
        }
        return out.toByteArray();
    }

    private static byte[] half(byte[] image) {
        return cut(image, image.length / 2);
    }

    private static byte[] cut(byte[] image, int bytes) {
        return java.util.Arrays.copyOf(image, image.length - bytes);
    }

    private static String name(int rgb) {
        var color = new Color(rgb);
        return color.getRed() > color.getBlue() ? "RED" : "BLUE";
    }

    /** A JPEG with metadata: how the camera was held, and where. */
    private static byte[] photo(int orientation) throws IOException {
        var jpeg = encoded("jpeg", 30, 20);
        var where = "SECRET place".getBytes(StandardCharsets.US_ASCII);
        var exif = ByteBuffer.allocate(6 + 8 + 2 + 12 + 4 + where.length)
                .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
                .put("MM".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .put(where)
                .array();
        var segment = ByteBuffer.allocate(4 + exif.length)
                .putShort((short) 0xFFE1)
                .putShort((short) (2 + exif.length))
                .put(exif)
                .array();
        return joined(
                joined(java.util.Arrays.copyOf(jpeg, 2), segment), java.util.Arrays.copyOfRange(jpeg, 2, jpeg.length));
    }

    /** With a chunk of text after its head. */
    private static byte[] withText(byte[] png) {
        int head = 8 + 25;
        return joined(
                joined(
                        java.util.Arrays.copyOf(png, head),
                        chunk("tEXt", "Comment\0SECRET <script>".getBytes(StandardCharsets.ISO_8859_1))),
                java.util.Arrays.copyOfRange(png, head, png.length));
    }

    private static byte[] pngHead(int width, int height) {
        var header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 6, 0, 0, 0})
                .array();
        return joined("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1), chunk("IHDR", header));
    }

    private static byte[] chunk(String type, byte[] data) {
        var content = joined(type.getBytes(StandardCharsets.US_ASCII), data);
        var check = new CRC32();
        check.update(content);
        return ByteBuffer.allocate(8 + content.length)
                .putInt(data.length)
                .put(content)
                .putInt((int) check.getValue())
                .array();
    }

    /** Claims to be larger than it is. */
    private static byte[] resized(byte[] jpeg, int size) {
        var copy = jpeg.clone();
        for (int at = 0; at < copy.length - 9; at++) {
            if ((copy[at] & 0xFF) == 0xFF && (copy[at + 1] & 0xFF) == 0xC0) {
                ByteBuffer.wrap(copy).putShort(at + 5, (short) size).putShort(at + 7, (short) size);
            }
        }
        return copy;
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    private static byte[] joined(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }
}
