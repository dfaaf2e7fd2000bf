/**
 * Administration of accounts by admins, and the first account of an empty database.
 *
 * <p>{@link dev.freshet.identity.admin.AccountController} is the API. {@link dev.freshet.identity.admin.FirstAccount} creates an
 * admin and its token at the first start; only one of several instances does.
 */
@NullMarked
package dev.freshet.identity.admin;

import org.jspecify.annotations.NullMarked;
