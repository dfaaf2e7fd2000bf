-- The span of the request that caused the event, as in the W3C header traceparent. Null unless traces are exported.
alter table feed_log add column traceparent text;
