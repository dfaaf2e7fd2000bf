package dev.freshet.security;

/** What a token allows its bearer. */
public enum Scope {
    /** Write articles. */
    ARTICLES_WRITE("articles:write"),
    /** Read metrics and other inner matters. */
    OPS("ops");

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    /** The authority that Spring Security makes of this scope. */
    String authority() {
        return "SCOPE_" + text;
    }

    /** The form of tokens. */
    @Override
    public String toString() {
        return text;
    }
}
