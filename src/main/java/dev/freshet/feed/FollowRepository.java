package dev.freshet.feed;

/** The names that accounts follow. */
interface FollowRepository extends NameRepository<Follow> {}
