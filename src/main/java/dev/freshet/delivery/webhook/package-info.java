/**
 * Webhooks: a target is an address that receives events by POST. Signatures follow Standard Webhooks, and bodies are
 * CloudEvents. All requests pass through {@link dev.freshet.platform.outbound.Poster}.
 */
@NullMarked
package dev.freshet.delivery.webhook;

import org.jspecify.annotations.NullMarked;
