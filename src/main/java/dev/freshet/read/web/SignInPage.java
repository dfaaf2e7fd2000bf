package dev.freshet.read.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model of the sign-in page.
 *
 * @param name the name entered before
 * @param next the address to continue at
 * @param problem the reason of the failure; null on the first visit
 * @param signUp the address of the sign-up page; null where admins create accounts
 */
record SignInPage(
        String assets,
        String name,
        String next,
        @Nullable String problem,
        List<Provider> providers,
        @Nullable String signUp) {

    /** An OpenID Connect provider to sign in with. */
    record Provider(String label, String href) {}
}
