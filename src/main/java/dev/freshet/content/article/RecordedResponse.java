package dev.freshet.content.article;

import java.util.UUID;

/**
 * The response to the creation of an article, recorded to be sent again.
 *
 * @param body the article's JSON
 */
public record RecordedResponse(UUID articleId, int status, String etag, String body) {}
