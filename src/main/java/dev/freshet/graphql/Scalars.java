package dev.freshet.graphql;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.IntValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.CoercingSerializeException;
import graphql.schema.GraphQLScalarType;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Objects;

/** The scalars of the schema. */
final class Scalars {

    /** Passed on as text: the reader of drafts parses times, and its faults name the field. */
    static final GraphQLScalarType DATE_TIME = GraphQLScalarType.newScalar()
            .name("DateTime")
            .coercing(new DateTime())
            .build();

    static final GraphQLScalarType LONG = GraphQLScalarType.newScalar()
            .name("Long")
            .coercing(new WholeNumber())
            .build();

    static final GraphQLScalarType JSON = GraphQLScalarType.newScalar()
            .name("JSON")
            .coercing(new JsonScalar())
            .build();

    private Scalars() {}

    private static final class DateTime implements Coercing<String, String> {

        @Override
        public String serialize(Object result, GraphQLContext context, Locale locale) {
            return result.toString();
        }

        @Override
        public String parseValue(Object input, GraphQLContext context, Locale locale) {
            if (input instanceof String text) {
                return text;
            }
            throw new CoercingParseValueException("A time must be text such as 2026-01-31T12:00:00Z.");
        }

        @Override
        public String parseLiteral(Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
            if (input instanceof StringValue text) {
                return Objects.requireNonNull(text.getValue());
            }
            throw new CoercingParseLiteralException("A time must be text such as \"2026-01-31T12:00:00Z\".");
        }
    }

    private static final class WholeNumber implements Coercing<Long, Long> {

        private static final String FAULT = "A whole number of up to 64 bits is required.";

        @Override
        public Long serialize(Object result, GraphQLContext context, Locale locale) {
            if (result instanceof Number number) {
                return number.longValue();
            }
            throw new CoercingSerializeException(FAULT);
        }

        @Override
        public Long parseValue(Object input, GraphQLContext context, Locale locale) {
            if (input instanceof Integer || input instanceof Long) {
                return ((Number) input).longValue();
            }
            throw new CoercingParseValueException(FAULT);
        }

        @Override
        public Long parseLiteral(Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
            if (input instanceof IntValue number && isLong(number.getValue())) {
                return number.getValue().longValue();
            }
            throw new CoercingParseLiteralException(FAULT);
        }

        private static boolean isLong(BigInteger number) {
            return number.bitLength() < Long.SIZE;
        }
    }
}
