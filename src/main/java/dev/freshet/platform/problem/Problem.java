package dev.freshet.platform.problem;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;

/**
 * Every error that a client can be told of, with its status, its type (a URI of this server that explains it) and the
 * way to put it right. The form is RFC 9457.
 */
public enum Problem {
    INVALID_REQUEST(HttpStatus.BAD_REQUEST, "Invalid request", "Correct what the detail names and send it again."),
    INVALID_CURSOR(
            HttpStatus.BAD_REQUEST,
            "Invalid cursor",
            "Use a cursor as an answer of this server gave it, an instant, a duration such as PT15M, earliest or latest."),
    INVALID_PAGE_KEY(
            HttpStatus.BAD_REQUEST, "Invalid page key", "Follow the next link of a page instead of building one."),
    UNAUTHORIZED(
            HttpStatus.UNAUTHORIZED,
            "Not signed in",
            "Send a valid token, Authorization: Bearer <token>, or get one by POST /api/v1/session."),
    FORBIDDEN(HttpStatus.FORBIDDEN, "Not allowed", "Use a token that has the scope that the detail names."),
    CROSS_SITE(
            HttpStatus.FORBIDDEN,
            "Not from this site",
            "Send it from a page of this server, or with a token: Authorization: Bearer <token>."),
    NOT_FOUND(HttpStatus.NOT_FOUND, "Nothing here", "Check the address."),
    ARTICLE_NOT_FOUND(
            HttpStatus.NOT_FOUND,
            "No such article",
            "Check the id; a draft is seen by the account that wrote it alone."),
    ARTICLE_WITHDRAWN(HttpStatus.GONE, "Article withdrawn", "A withdrawal is final; publish a new article."),
    ARTICLE_EXISTS(
            HttpStatus.CONFLICT,
            "Article exists",
            "Another article has this canonicalUrl: change that one, or leave canonicalUrl out."),
    ILLEGAL_STATUS(HttpStatus.CONFLICT, "Not possible in this status", "Read the article again and see its status."),
    METHOD_NOT_ALLOWED(
            HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed", "Use one of the methods of the Allow header."),
    NOT_ACCEPTABLE(
            HttpStatus.NOT_ACCEPTABLE, "No such representation", "Ask for one of the types that the detail names."),
    UNSUPPORTED_MEDIA_TYPE(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "Media type not supported",
            "Send one of the types of the Accept header."),
    UNREADABLE_IMAGE(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Unreadable image",
            "Save the image anew with another program, as PNG, JPEG, GIF or WebP."),
    UNREACHABLE_ADDRESS(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Address not fetched",
            "Give the public http or https address of a feed, or send the feed itself."),
    RANGE_NOT_SATISFIABLE(
            HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            "No such range",
            "Ask for bytes within the length that Content-Range tells."),
    VERSION_REQUIRED(
            HttpStatus.PRECONDITION_REQUIRED,
            "Version required",
            "Send the ETag of the article that you read as If-Match."),
    STALE_VERSION(
            HttpStatus.PRECONDITION_FAILED,
            "Stale version",
            "Somebody changed the article since you read it: read it again and repeat the change."),
    IDEMPOTENCY_KEY_REUSED(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Idempotency key reused",
            "Use a new Idempotency-Key for another request."),
    CONTENT_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "Content too large", "Send less than the detail's limit."),
    URI_TOO_LONG(
            HttpStatus.URI_TOO_LONG, "Address too long", "Ask for less in one request: fewer or shorter parameters."),
    HEADERS_TOO_LARGE(
            HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
            "Headers too large",
            "Send fewer or shorter headers; delete cookies that you no longer need."),
    TOO_SLOW(HttpStatus.REQUEST_TIMEOUT, "Too slow", "Send the whole request without pauses, on a new connection."),
    TOO_MANY_STREAMS(
            HttpStatus.TOO_MANY_REQUESTS,
            "Too many streams",
            "Close streams that you no longer read, then try again after the time of Retry-After."),
    TOO_MANY_REQUESTS(
            HttpStatus.TOO_MANY_REQUESTS,
            "Too many requests",
            "Wait for the time of Retry-After, then go on more slowly."),
    ACCOUNT_NOT_FOUND(HttpStatus.NOT_FOUND, "No such account", "Look at /api/v1/accounts for those that there are."),
    ACCOUNT_EXISTS(HttpStatus.CONFLICT, "Account exists", "Choose another name, and an e-mail address of your own."),
    LAST_ADMIN(HttpStatus.CONFLICT, "The last admin", "Make somebody else an admin first."),
    TOKEN_NOT_FOUND(HttpStatus.NOT_FOUND, "No such token", "Look at /api/v1/tokens for those of your account."),
    SESSION_NOT_FOUND(
            HttpStatus.NOT_FOUND, "No such session", "Look at /api/v1/account/sessions for those of your account."),
    STREAM_NOT_FOUND(
            HttpStatus.NOT_FOUND, "No such stream", "Look at /api/v1/streams of the instance that holds the stream."),
    UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Not available now", "Try again after the time of Retry-After."),
    INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, "Server error", "Try again; tell the operator if it lasts.");

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

    /** How the client can put it right. */
    public String hint() {
        return hint;
    }

    /** The name as clients see it, for example {@code stale-version}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The type URI: a page of this server that says what the problem is. */
    public URI type() {
        return URI.create("/problems/" + slug());
    }

    /**
     * This problem as an exception that the client is told of.
     *
     * @param detail what was wrong with this very request, for the client to read; no internals
     */
    public ProblemException because(String detail) {
        return new ProblemException(this, detail);
    }

    /** A request with these faults, at least one, as an exception; the client gets them as {@code errors}. */
    public static ProblemException invalid(List<Invalid> faults) {
        var detail = faults.stream().map(Invalid::toString).collect(Collectors.joining("; "));
        var problem = INVALID_REQUEST.because(detail);
        problem.getBody().setProperty("errors", faults);
        return problem;
    }
}
