package dev.freshet.platform.problem;

import dev.freshet.platform.WireName;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;

/**
 * The catalogue of errors that a client can receive (RFC 9457), with their status, type (a URI of this server that
 * explains it) and remedy.
 */
public enum Problem implements WireName {
    INVALID_REQUEST(
            HttpStatus.BAD_REQUEST,
            "Invalid request",
            "Correct the fault that the detail names and send the request again."),
    INVALID_CURSOR(
            HttpStatus.BAD_REQUEST,
            "Invalid cursor",
            "Use a cursor from a response of this server, an instant, a duration such as PT15M, earliest or latest."),
    INVALID_PAGE_KEY(
            HttpStatus.BAD_REQUEST, "Invalid page key", "Follow the next link of a page instead of building a link."),
    UNAUTHORIZED(
            HttpStatus.UNAUTHORIZED,
            "Not signed in",
            "Send a valid token as Authorization: Bearer <token>, or get one by POST /api/v1/session."),
    FORBIDDEN(HttpStatus.FORBIDDEN, "Not allowed", "Use a token with the right that the detail names."),
    CROSS_SITE(
            HttpStatus.FORBIDDEN,
            "Cross-site request",
            "Send the request from a page of this server, or with a token: Authorization: Bearer <token>."),
    NOT_FOUND(HttpStatus.NOT_FOUND, "Not found", "Check the address."),
    ARTICLE_NOT_FOUND(
            HttpStatus.NOT_FOUND, "Article not found", "Check the id. Only the account that wrote a draft can see it."),
    ARTICLE_WITHDRAWN(HttpStatus.GONE, "Article withdrawn", "A withdrawal is final. Publish a new article."),
    ARTICLE_EXISTS(
            HttpStatus.CONFLICT,
            "Article exists",
            "Change the article that has this canonicalUrl, or omit canonicalUrl."),
    ILLEGAL_STATUS(HttpStatus.CONFLICT, "Wrong article status", "Read the article again and check its status."),
    METHOD_NOT_ALLOWED(
            HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed", "Use one of the methods of the Allow header."),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "Not acceptable", "Request one of the types that the detail names."),
    UNSUPPORTED_MEDIA_TYPE(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type", "Send one of the types of the Accept header."),
    UNREADABLE_IMAGE(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Unreadable image",
            "Save the image again with another program, as PNG, JPEG, GIF or WebP."),
    UNREACHABLE_ADDRESS(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Address not fetched",
            "Give the public http or https address of a feed, or send the feed itself."),
    RANGE_NOT_SATISFIABLE(
            HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            "Range not satisfiable",
            "Request bytes within the length that Content-Range gives."),
    VERSION_REQUIRED(
            HttpStatus.PRECONDITION_REQUIRED,
            "Version required",
            "Send the ETag of the article that you read as If-Match."),
    STALE_VERSION(
            HttpStatus.PRECONDITION_FAILED,
            "Stale version",
            "The article has changed since you read it. Read it again and repeat the change."),
    IDEMPOTENCY_KEY_REUSED(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Idempotency key reused",
            "Use a new Idempotency-Key for a different request."),
    CONTENT_TOO_LARGE(
            HttpStatus.CONTENT_TOO_LARGE, "Content too large", "Send less than the limit that the detail names."),
    URI_TOO_LONG(HttpStatus.URI_TOO_LONG, "URI too long", "Use fewer or shorter parameters."),
    HEADERS_TOO_LARGE(
            HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
            "Headers too large",
            "Send fewer or shorter headers; delete cookies that you no longer need."),
    TOO_SLOW(HttpStatus.REQUEST_TIMEOUT, "Too slow", "Send the whole request without pauses on a new connection."),
    TOO_MANY_STREAMS(
            HttpStatus.TOO_MANY_REQUESTS,
            "Too many streams",
            "Close streams that you no longer read, then retry after the time of Retry-After."),
    TOO_MANY_REQUESTS(
            HttpStatus.TOO_MANY_REQUESTS,
            "Too many requests",
            "Wait for the time of Retry-After, then send requests more slowly."),
    ACCOUNT_NOT_FOUND(HttpStatus.NOT_FOUND, "Account not found", "List the accounts with GET /api/v1/accounts."),
    ACCOUNT_EXISTS(HttpStatus.CONFLICT, "Account exists", "Choose another name, and an e-mail address of your own."),
    LAST_ADMIN(HttpStatus.CONFLICT, "Last admin", "Give another account the role admin first."),
    TOKEN_NOT_FOUND(
            HttpStatus.NOT_FOUND, "Token not found", "List the tokens of your account with GET /api/v1/tokens."),
    SESSION_NOT_FOUND(
            HttpStatus.NOT_FOUND,
            "Session not found",
            "List the sessions of your account with GET /api/v1/account/sessions."),
    STREAM_NOT_FOUND(
            HttpStatus.NOT_FOUND,
            "Stream not found",
            "List the streams with GET /api/v1/streams on the instance that serves the stream."),
    SUBSCRIPTION_NOT_FOUND(
            HttpStatus.NOT_FOUND,
            "Subscription not found",
            "List the subscriptions of your account with GET /api/v1/subscriptions."),
    SEARCH_NOT_FOUND(
            HttpStatus.NOT_FOUND,
            "Saved search not found",
            "List your saved searches with GET /api/v1/following/search."),
    SOURCE_NOT_FOUND(
            HttpStatus.NOT_FOUND, "Source not found", "List the sources of your account with GET /api/v1/sources."),
    SOURCE_EXISTS(HttpStatus.CONFLICT, "Source exists", "Change the source that has this address."),
    UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Temporarily unavailable", "Retry after the time of Retry-After."),
    INTERNAL(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "Internal server error",
            "Retry. If the error persists, report the reference to the operator.");

    private final HttpStatus status;
    private final String title;
    private final String hint;

    Problem(HttpStatus status, String title, String hint) {
        this.status = status;
        this.title = title;
        this.hint = hint;
    }

    public HttpStatus status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** Returns the remedy. */
    public String hint() {
        return hint;
    }

    /** Returns the type URI: a page of this server that explains the problem. */
    public URI type() {
        return URI.create("/problems/" + wireName());
    }

    /**
     * Creates an exception that reports this problem to the client.
     *
     * @param detail the fault of this request, for the client; without internals
     */
    public ProblemException because(String detail) {
        return new ProblemException(this, detail);
    }

    /**
     * Creates an exception for a request with these faults, at least one. The client receives them as {@code errors}.
     */
    public static ProblemException invalid(List<Invalid> faults) {
        var detail = faults.stream().map(Invalid::toString).collect(Collectors.joining("; "));
        var problem = INVALID_REQUEST.because(detail);
        problem.getBody().setProperty("errors", faults);
        return problem;
    }
}
