package dev.freshet.read.web;

import org.jspecify.annotations.Nullable;

/**
 * The model of the sign-up page.
 *
 * @param name the name entered before; likewise the e-mail address
 * @param next the address to continue at
 * @param problem the reason of the failure; null on the first visit
 */
record SignUpPage(
        String assets,
        String name,
        String email,
        String next,
        @Nullable String problem) {}
