package dev.freshet.read.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page to sign in on shows.
 *
 * @param name what was given before
 * @param next where to go on
 * @param problem why it did not work; null at first
 * @param signUp the address of the page to make an account on; null where an admin makes them
 */
record SignInPage(
        String assets,
        String name,
        String next,
        @Nullable String problem,
        List<Provider> providers,
        @Nullable String signUp) {

    /** Who else says who somebody is. */
    record Provider(String label, String href) {}
}
