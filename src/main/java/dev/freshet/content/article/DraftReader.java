package dev.freshet.content.article;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.Problem;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;

/** Reads drafts from JSON, strictly: an unknown field or a wrong type is an error that names the field. */
@Component
class DraftReader {

    private final JsonMapper json;
    private final DraftValidator check;

    DraftReader(JsonMapper json, DraftValidator check) {
        this.json = json.rebuild()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .withCoercionConfig(LogicalType.Textual, config -> {
                    for (var shape :
                            List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
                        config.setCoercion(shape, CoercionAction.Fail);
                    }
                })
                .build();
        this.check = check;
    }

    /** Reads a draft and checks it. */
    ArticleDraft read(JsonNode content) {
        if (!content.isObject()) {
            throw Problem.INVALID_REQUEST.because("The content must be a JSON object.");
        }
        var time = content.get("publishedAt");
        if (time != null && !time.isNull() && !time.isString()) {
            throw Problem.invalid(List.of(new Invalid("publishedAt", "must be text such as 2030-01-01T12:00:00Z")));
        }
        var draft = json.treeToValue(content, ArticleDraft.class);
        var faults = check.faults(draft);
        if (!faults.isEmpty()) {
            throw Problem.invalid(faults);
        }
        return draft;
    }

    /** Reads the draft that a merge patch (RFC 7396) makes of another, and checks it. */
    ArticleDraft patch(ArticleDraft draft, JsonNode patch) {
        if (!patch.isObject()) {
            throw Problem.INVALID_REQUEST.because("A merge patch of an article must be a JSON object.");
        }
        var target = (ObjectNode) json.valueToTree(draft);
        // The fields of a draft are values and lists, which a merge patch replaces as a whole.
        for (var field : patch.properties()) {
            target.set(field.getKey(), field.getValue());
        }
        return read(target);
    }

    /** What tells one draft from another, in hexadecimal. */
    String digest(ArticleDraft draft) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(json.writeValueAsBytes(draft));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }
}
