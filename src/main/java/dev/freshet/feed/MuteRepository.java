package dev.freshet.feed;

/** The names that accounts mute. */
interface MuteRepository extends NameRepository<Mute> {}
