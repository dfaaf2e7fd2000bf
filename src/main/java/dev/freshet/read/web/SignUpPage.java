package dev.freshet.read.web;

import org.jspecify.annotations.Nullable;

/**
 * What the page to make an account on shows.
 *
 * @param name what was given before, as the e-mail address
 * @param next where to go on
 * @param problem why it did not work; null at first
 */
record SignUpPage(
        String assets,
        String name,
        String email,
        String next,
        @Nullable String problem) {}
