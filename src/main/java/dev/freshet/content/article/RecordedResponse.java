package dev.freshet.content.article;

import java.util.UUID;

/** An answer that can be given again: the article it is about, and the JSON that it had. */
record RecordedResponse(UUID articleId, int status, String etag, String body) {}
