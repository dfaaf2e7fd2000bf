package dev.freshet.limit;

/** Identifies the bucket of a client under a policy. */
record BucketKey(RatePolicy policy, String client) {

    private static final String REDIS_PREFIX = "freshet:rate:";

    /** Returns the Redis key. The rate is part of it, so that a changed setting starts a new bucket. */
    String redisKey() {
        return REDIS_PREFIX + policy.name() + ":" + policy.rate() + ":" + client;
    }
}
