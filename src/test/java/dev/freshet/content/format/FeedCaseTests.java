package dev.freshet.content.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.content.article.Attachment;
import dev.freshet.content.article.ImportedArticle;
import dev.freshet.content.article.RenderedMarkdown;
import dev.freshet.content.article.StrictJson;
import dev.freshet.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Feeds as publishers send them, each with its right values. {@link FeedCase} describes the form of a case. */
class FeedCaseTests {

    private static final StrictJson JSON = new StrictJson(JsonMapper.shared());

    static List<FeedCase> cases() {
        return FeedCase.all();
    }

    /** An article, or why it was left out. */
    private record Outcome(int line, @Nullable ImportedArticle article, String rejection) {}

    @ParameterizedTest
    @MethodSource("cases")
    void feedHasItsRightValues(FeedCase feed) {
        var soft = new SoftAssertions();
        var refusal = "";
        var repairs = new ArrayList<String>();
        List<Outcome> outcomes = List.of();
        try {
            var document = FeedDocument.read(new DocumentSource(feed.input(), null, null, ""), JSON);
            repairs.addAll(document.repairs());
            outcomes = document.entries().stream()
                    .sorted(Comparator.comparingInt(ImportEntry::line))
                    .map(FeedCaseTests::outcome)
                    .toList();
        } catch (ProblemException e) {
            refusal = String.valueOf(e.getBody().getDetail());
        }
        for (var outcome : outcomes) {
            if (outcome.article() != null) {
                repairs.addAll(outcome.article().repairs());
            }
        }
        for (var expected : feed.expectations()) {
            var name = expected.field() + " " + expected.entry();
            switch (expected.field()) {
                case "refused" -> soft.assertThat(refusal).as(name).contains(expected.value());
                case "entries" -> soft.assertThat(outcomes).as(name).hasSize(Integer.parseInt(expected.value()));
                case "repair" ->
                    soft.assertThat(String.join("\n", repairs)).as(name).contains(expected.value());
                case "repairs" -> soft.assertThat(repairs).as(name).hasSize(Integer.parseInt(expected.value()));
                default -> {
                    assertThat(outcomes).as(refusal).hasSizeGreaterThanOrEqualTo(expected.entry());
                    check(soft, name, expected, outcomes.get(expected.entry() - 1));
                }
            }
        }
        soft.assertAll();
    }

    private static void check(SoftAssertions soft, String name, FeedCase.Expectation expected, Outcome outcome) {
        if (expected.field().equals("rejected")) {
            soft.assertThat(outcome.rejection()).as(name).contains(expected.value());
            return;
        }
        if (outcome.article() == null) {
            soft.fail(name + ": rejected, " + outcome.rejection());
            return;
        }
        var draft = outcome.article().draft();
        var html = draft.body() == null ? "" : RenderedMarkdown.html(draft.body());
        switch (expected.field()) {
            case "html" -> soft.assertThat(html).as(name).contains(expected.value());
            case "text" -> soft.assertThat(Jsoup.parse(html).text()).as(name).isEqualTo(expected.value());
            case "code" ->
                soft.assertThat(Jsoup.parse(html).select("code").stream()
                                .map(code -> code.wholeText())
                                .collect(Collectors.joining()))
                        .as(name)
                        .isEqualTo(expected.value());
            default ->
                soft.assertThat(value(expected.field(), outcome.article()))
                        .as(name)
                        .isEqualTo(expected.value());
        }
    }

    private static String value(String field, ImportedArticle article) {
        var draft = article.draft();
        var value = switch (field) {
            case "title" -> draft.title();
            case "summary" -> draft.summary();
            case "slug" -> draft.slug();
            case "url" -> draft.canonicalUrl();
            case "source" -> draft.source();
            case "author" -> draft.author();
            case "language" -> draft.language();
            case "time" -> draft.publishedAt();
            case "image" -> draft.image();
            case "attachments" ->
                Objects.requireNonNullElse(draft.attachments(), List.<Attachment>of()).stream()
                        .map(file -> file.url() + " " + file.type() + " " + file.length() + " " + file.duration() + " "
                                + file.title())
                        .collect(Collectors.joining(", "));
            case "origin" -> article.origin();
            case "tags" -> draft.tags() == null ? "" : String.join(", ", draft.tags());
            default -> throw new IllegalArgumentException(field);
        };
        return String.valueOf(value);
    }

    private static Outcome outcome(ImportEntry entry) {
        try {
            return new Outcome(entry.line(), entry.read(), "");
        } catch (UnreadableEntryException e) {
            return new Outcome(entry.line(), null, e.reason());
        }
    }
}
