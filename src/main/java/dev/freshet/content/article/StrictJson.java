package dev.freshet.content.article;

import dev.freshet.platform.problem.Invalid;
import dev.freshet.platform.problem.JsonFault;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.FormatFeature;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads JSON by one set of rules for the write API, NDJSON and JSON Feed. Values must have the type of their field:
 * numbers and booleans are not converted to text, and times are text with an offset. Text that is parsed here must be
 * UTF-8 without duplicate field names.
 */
@Component
public final class StrictJson {

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern("[XXXXX][XXXX][X]")
            .toFormatter();

    private static final FormatFeature[] USUAL_FAULTS = {
        JsonReadFeature.ALLOW_JAVA_COMMENTS,
        JsonReadFeature.ALLOW_TRAILING_COMMA,
        JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS,
        JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER
    };

    private final JsonMapper json;

    public StrictJson(JsonMapper json) {
        this.json = json.rebuild()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .withCoercionConfig(LogicalType.Textual, config -> {
                    for (var shape :
                            List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
                        config.setCoercion(shape, CoercionAction.Fail);
                    }
                })
                .addModule(new SimpleModule().addDeserializer(Instant.class, new TimeDeserializer()))
                .build();
    }

    /** A fault of the JSON, described for the client. */
    public static final class FaultException extends RuntimeException {

        private final transient Invalid fault;

        private FaultException(String field, String message) {
            super(message, null, false, false);
            this.fault = new Invalid(field, message);
        }

        /** Returns the fault and its field; the field is empty for a fault of the whole text. */
        public Invalid fault() {
            return fault;
        }

        /** Returns the fault as a part of a sentence. */
        public String reason() {
            return fault.field().isEmpty() ? fault.message() : fault.toString();
        }
    }

    /**
     * Parses a JSON object.
     *
     * @throws FaultException if the bytes are not one valid JSON object in UTF-8
     */
    public ObjectNode parse(byte[] bytes) {
        try {
            return object("the JSON", json.readTree(decode(bytes)));
        } catch (JacksonException e) {
            throw new FaultException("", "is not valid JSON: " + JsonFault.describe(e));
        }
    }

    /**
     * Parses a JSON object of another publisher. The last of several fields of one name is used.
     *
     * @param faults whether to accept the usual faults: comments, commas at the end, and control characters in texts
     * @throws FaultException if the text is not one JSON object
     */
    public ObjectNode parseLeniently(String text, boolean faults) {
        try {
            var reader = json.reader().without(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
            return object("the JSON", (faults ? reader.withFeatures(USUAL_FAULTS) : reader).readTree(text));
        } catch (JacksonException e) {
            throw new FaultException("", "is not valid JSON: " + JsonFault.describe(e));
        }
    }

    /** Decodes UTF-8. Jackson would detect UTF-16 in bytes that contain zeros. */
    private static String decode(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
        } catch (CharacterCodingException e) {
            throw new FaultException("", "is not UTF-8 at byte " + (buffer.position() + 1));
        }
    }

    /**
     * Returns the node if it is an object.
     *
     * @param name names the node in the message
     * @throws FaultException if it is not
     */
    public static ObjectNode object(String name, JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new FaultException(name, "must be an object, but is " + type(node));
    }

    /**
     * Reads an object whose fields must all be known.
     *
     * @throws FaultException names the first invalid field
     */
    public <T> T read(JsonNode node, Class<T> type) {
        return read(node, type, true);
    }

    /**
     * Reads an object and ignores unknown fields.
     *
     * @throws FaultException names the first invalid field
     */
    public <T> T readKnown(JsonNode node, Class<T> type) {
        return read(node, type, false);
    }

    private <T> T read(JsonNode node, Class<T> type, boolean allKnown) {
        var reader = json.readerFor(type);
        try {
            return allKnown
                    ? reader.readValue(node)
                    : reader.without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                            .readValue(node);
        } catch (UnrecognizedPropertyException e) {
            throw new FaultException(JsonFault.path(e), JsonFault.unknownField(e));
        } catch (MismatchedInputException e) {
            throw new FaultException(
                    JsonFault.path(e),
                    "must be " + expected(e.getTargetType()) + ", but is " + actual(valueAt(node, e)));
        } catch (JacksonException e) {
            throw new FaultException("", "cannot be read: " + JsonFault.describe(e));
        }
    }

    /** Writes a value in the form that {@link #read} accepts. */
    ObjectNode write(Object value) {
        return json.valueToTree(value);
    }

    byte[] writeBytes(Object value) {
        return json.writeValueAsBytes(value);
    }

    private static JsonNode valueAt(JsonNode node, JacksonException error) {
        var value = node;
        for (var step : error.getPath()) {
            value = step.getPropertyName() == null ? value.path(step.getIndex()) : value.path(step.getPropertyName());
        }
        return value;
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "a value of another type";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(Object::toString)
                            .collect(Collectors.joining(", "));
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        if (type == Instant.class) {
            return "a time such as 2026-01-31T12:00:00Z";
        }
        return type == String.class ? "text" : "an object";
    }

    private static String actual(JsonNode node) {
        return node.isString() ? JsonFault.quote(node.stringValue()) : type(node);
    }

    private static String type(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT, POJO -> "an object";
            case BOOLEAN -> "a boolean";
            case NUMBER -> "a number";
            case STRING, BINARY -> "text";
            case NULL, MISSING -> "null";
        };
    }

    /** Reads an ISO 8601 time with an offset. Jackson's own also accepts numbers. */
    private static final class TimeDeserializer extends StdScalarDeserializer<Instant> {

        private TimeDeserializer() {
            super(Instant.class);
        }

        @Override
        public @Nullable Instant deserialize(JsonParser parser, DeserializationContext context) {
            var text = parser.getString();
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                return (Instant) context.handleUnexpectedToken(context.constructType(Instant.class), parser);
            }
            try {
                return OffsetDateTime.parse(text, TIME).toInstant();
            } catch (DateTimeException e) {
                return (Instant) context.handleWeirdStringValue(Instant.class, text, "not a time with an offset");
            }
        }
    }
}
