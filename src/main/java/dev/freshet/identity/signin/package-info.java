/**
 * Sign-in and sign-up with a password, browser sessions, and password resets by mail.
 *
 * <p>{@link dev.freshet.identity.signin.SessionController} signs in and out, with
 * {@link dev.freshet.identity.signin.BrowserSessions} for the cookies. The filter chain and the pages of {@code read.web} use
 * them as well. Mails are sent on threads of their own with a bounded queue.
 */
@NullMarked
package dev.freshet.identity.signin;

import org.jspecify.annotations.NullMarked;
