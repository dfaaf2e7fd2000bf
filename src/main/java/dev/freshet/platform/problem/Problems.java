package dev.freshet.platform.problem;

import io.netty.handler.codec.http2.Http2Exception;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.support.WebExchangeBindException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Maps exceptions to problems. An unknown exception is a server fault. */
public final class Problems {

    private static final String INVALID_TEXT_ENCODING = "22021";
    // Numeric value, datetime field.
    private static final Set<String> OUT_OF_RANGE = Set.of("22003", "22008");

    private Problems() {}

    /** Returns the problem of an exception; null for a server fault. */
    public static @Nullable ProblemException of(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            var problem = alone(cause);
            if (problem != null) {
                return problem;
            }
        }
        return error instanceof ErrorResponse response ? byStatus(response) : null;
    }

    private static @Nullable ProblemException alone(Throwable error) {
        return switch (error) {
            case ProblemException problem -> problem;
            case DataBufferLimitException ignored ->
                Problem.CONTENT_TOO_LARGE.because("The request body exceeds the limit of this server.");
            case UnrecognizedPropertyException unknown ->
                invalid(JsonFault.path(unknown), JsonFault.unknownField(unknown));
            case InvalidFormatException format ->
                invalid(JsonFault.path(format), "can't be " + JsonFault.quote(format.getValue()));
            case MismatchedInputException mismatch -> invalid(JsonFault.path(mismatch), "is of the wrong type");
            case InvalidMediaTypeException unreadable ->
                Problem.INVALID_REQUEST.because("Content-Type is " + JsonFault.quote(unreadable.getMediaType())
                        + ", which is not a valid media type.");
            case Http2Exception ignored -> Problem.INVALID_REQUEST.because("The request is not valid HTTP.");
            case JacksonException json ->
                Problem.INVALID_REQUEST.because(
                        "The body is not valid JSON for this request: " + JsonFault.describe(json) + ".");
            case WebExchangeBindException bind ->
                Problem.invalid(bind.getFieldErrors().stream()
                        .map(field -> new Invalid(
                                field.getField(), Objects.requireNonNullElse(field.getDefaultMessage(), "is invalid")))
                        .toList());
            case HandlerMethodValidationException validation -> Problem.invalid(faults(validation));
            case MethodNotAllowedException method ->
                Problem.METHOD_NOT_ALLOWED.because(method.getHttpMethod()
                        + " is not supported here. Supported methods: " + method.getSupportedMethods());
            case NotAcceptableStatusException type ->
                Problem.NOT_ACCEPTABLE.because(
                        "This resource is available as " + types(type.getSupportedMediaTypes()) + ".");
            case UnsupportedMediaTypeStatusException type ->
                Problem.UNSUPPORTED_MEDIA_TYPE.because((type.getContentType() == null
                                ? "The request has no valid Content-Type"
                                : type.getContentType() + " is not supported here")
                        + ". Supported types: " + types(type.getSupportedMediaTypes()) + ".");
            // The cause, if present, says more about unreadable input.
            case ServerWebInputException input -> input.getCause() == null || ofPath(input) ? input(input) : null;
            case RuntimeException other -> ofStore(other);
            default -> null;
        };
    }

    private static @Nullable ProblemException ofStore(RuntimeException error) {
        if (error instanceof R2dbcException store && INVALID_TEXT_ENCODING.equals(store.getSqlState())) {
            return Problem.INVALID_REQUEST.because("Text must not contain U+0000.");
        }
        if (error instanceof R2dbcException store && OUT_OF_RANGE.contains(String.valueOf(store.getSqlState()))) {
            return Problem.INVALID_REQUEST.because("A time or a number is out of range.");
        }
        if (isUnavailable(error)) {
            return Problem.UNAVAILABLE.because("The data store does not respond. Retry later.");
        }
        return error instanceof ConcurrencyFailureException || error instanceof RejectedExecutionException
                ? Problem.UNAVAILABLE.because("The server is overloaded. Retry later.")
                : null;
    }

    private static boolean isUnavailable(RuntimeException error) {
        return error instanceof R2dbcNonTransientResourceException
                || error instanceof R2dbcTransientResourceException
                || error instanceof R2dbcTimeoutException
                || error instanceof DataAccessResourceFailureException
                || error instanceof TransientDataAccessResourceException
                || error instanceof QueryTimeoutException
                || error instanceof CannotCreateTransactionException;
    }

    private static boolean ofPath(ServerWebInputException input) {
        var parameter = input.getMethodParameter();
        return parameter != null && parameter.hasParameterAnnotation(PathVariable.class);
    }

    private static ProblemException input(ServerWebInputException input) {
        if (ofPath(input)) {
            return Problem.NOT_FOUND.because("No resource has this address.");
        }
        return Problem.INVALID_REQUEST.because(
                Objects.requireNonNullElse(input.getReason(), "The request cannot be read."));
    }

    private static @Nullable ProblemException byStatus(ErrorResponse response) {
        var detail = Objects.requireNonNullElse(response.getBody().getDetail(), "");
        return switch (response.getStatusCode().value()) {
            case 400 ->
                response instanceof ServerWebInputException input && input.getCause() != null
                        ? Problem.INVALID_REQUEST.because(
                                Objects.requireNonNullElse(input.getReason(), "The request cannot be read."))
                        : Problem.INVALID_REQUEST.because(detail);
            case 401 -> Problem.UNAUTHORIZED.because(detail);
            case 403 -> Problem.FORBIDDEN.because(detail);
            case 404 -> Problem.NOT_FOUND.because("No resource has this address.");
            case 405 -> Problem.METHOD_NOT_ALLOWED.because(detail);
            case 406 -> Problem.NOT_ACCEPTABLE.because(detail);
            case 413 -> Problem.CONTENT_TOO_LARGE.because("The request body exceeds the limit of this server.");
            case 415 -> Problem.UNSUPPORTED_MEDIA_TYPE.because(detail);
            case 503 -> Problem.UNAVAILABLE.because(detail);
            default -> null;
        };
    }

    private static List<Invalid> faults(HandlerMethodValidationException validation) {
        var faults = new ArrayList<Invalid>();
        for (var result : validation.getParameterValidationResults()) {
            var name = Objects.requireNonNullElse(result.getMethodParameter().getParameterName(), "parameter");
            for (MessageSourceResolvable error : result.getResolvableErrors()) {
                faults.add(new Invalid(name, Objects.requireNonNullElse(error.getDefaultMessage(), "is invalid")));
            }
        }
        return faults;
    }

    private static ProblemException invalid(String field, String message) {
        return Problem.invalid(List.of(new Invalid(field, message)));
    }

    private static String types(List<MediaType> types) {
        return types.stream().map(MediaType::toString).collect(Collectors.joining(", "));
    }
}
