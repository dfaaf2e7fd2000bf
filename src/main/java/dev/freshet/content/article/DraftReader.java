package dev.freshet.content.article;

import dev.freshet.platform.problem.Problem;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and validates drafts. An unknown field or a wrong type is an error that names the field. */
@Component
class DraftReader {

    private static final List<String> FIELDS = Arrays.stream(ArticleDraft.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();

    private final StrictJson json;
    private final DraftValidator validator;

    DraftReader(StrictJson json, DraftValidator validator) {
        this.json = json;
        this.validator = validator;
    }

    ArticleDraft read(JsonNode content) {
        if (!content.isObject()) {
            throw Problem.INVALID_REQUEST.because("The body must be a JSON object.");
        }
        ArticleDraft draft;
        try {
            draft = json.read(content, ArticleDraft.class);
        } catch (StrictJson.FaultException e) {
            throw Problem.invalid(List.of(e.fault()));
        }
        var faults = validator.faults(draft);
        if (!faults.isEmpty()) {
            throw Problem.invalid(faults);
        }
        return draft;
    }

    /**
     * Reads the draft that results from applying a merge patch (RFC 7396) to an article.
     *
     * @param keepSummary false to derive the summary from the new body
     */
    ArticleDraft patch(Article article, boolean keepSummary, JsonNode patch) {
        var target = json.write(article).retain(FIELDS);
        if (!keepSummary) {
            target.remove("summary");
        }
        return merge(target, patch);
    }

    /** Applies a merge patch to the JSON of a draft. All fields are values or lists, so the patch replaces them whole. */
    ArticleDraft merge(ObjectNode target, JsonNode patch) {
        if (!patch.isObject()) {
            throw Problem.INVALID_REQUEST.because("A merge patch of an article must be a JSON object.");
        }
        for (var field : patch.properties()) {
            target.set(field.getKey(), field.getValue());
        }
        return read(target);
    }

    /** Returns the SHA-256 of a draft in hexadecimal. */
    String digest(ArticleDraft draft) {
        return DigestUtils.sha256Hex(json.writeBytes(draft));
    }
}
