package dev.freshet.content.article;

import dev.freshet.identity.account.Account;
import dev.freshet.identity.account.Role;

/**
 * Attributes of the account that writes an article.
 *
 * @param name the author of a draft that names none
 * @param isEditor whether search engines may follow the links of the article
 */
record Byline(String name, boolean isEditor) {

    static Byline of(Account account) {
        return new Byline(account.name(), account.role().isAtLeast(Role.EDITOR));
    }
}
