package dev.freshet.graphql;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.ArrayValue;
import graphql.language.BooleanValue;
import graphql.language.EnumValue;
import graphql.language.FloatValue;
import graphql.language.IntValue;
import graphql.language.NullValue;
import graphql.language.ObjectValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.language.VariableReference;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The scalar {@code JSON}: an object whose fields the schema does not know. */
final class JsonScalar implements Coercing<Object, Object> {

    private static final String FAULT = "An object is required.";

    @Override
    public Object serialize(Object result, GraphQLContext context, Locale locale) {
        return result;
    }

    @Override
    public Object parseValue(Object input, GraphQLContext context, Locale locale) {
        if (input instanceof Map<?, ?>) {
            return input;
        }
        throw new CoercingParseValueException(FAULT);
    }

    @Override
    public Object parseLiteral(Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
        if (input instanceof ObjectValue object) {
            return object(object, variables);
        }
        throw new CoercingParseLiteralException(FAULT);
    }

    private static Map<String, @Nullable Object> object(ObjectValue object, CoercedVariables variables) {
        var fields = new HashMap<String, @Nullable Object>();
        object.getObjectFields().forEach(field -> fields.put(field.getName(), value(field.getValue(), variables)));
        return fields;
    }

    private static @Nullable Object value(Value<?> value, CoercedVariables variables) {
        return switch (value) {
            case StringValue text -> text.getValue();
            case IntValue number -> number.getValue();
            case FloatValue number -> number.getValue();
            case BooleanValue flag -> flag.isValue();
            case NullValue none -> null;
            case VariableReference variable -> variables.get(variable.getName());
            case ObjectValue object -> object(object, variables);
            case ArrayValue array -> {
                var elements = new ArrayList<@Nullable Object>();
                array.getValues().forEach(element -> elements.add(value(element, variables)));
                yield elements;
            }
            case EnumValue constant -> throw new CoercingParseLiteralException(constant.getName() + " is no JSON.");
            default -> throw new CoercingParseLiteralException(FAULT);
        };
    }
}
