package dev.freshet.content.article;

/** A request with an idempotency key, and the response that is recorded with its change. */
record RecordedRequest(Idempotency.Request request, RecordedResponse response) {}
