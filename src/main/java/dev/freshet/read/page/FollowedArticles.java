package dev.freshet.read.page;

/** SQL of the followed feed of the account {@code :reader}. */
final class FollowedArticles {

    private static final String LISTED = "(exists (select from article_tag g where g.article_id = a.id and g.tag in"
            + " (select key from LIST where account = :reader and kind = 'tag'))"
            + " or a.author_id in (select w.id from LIST f join author w on w.key = f.key"
            + " where f.account = :reader and f.kind = 'author')"
            + " or a.source_id in (select s.id from LIST f join source s on s.key = f.key"
            + " where f.account = :reader and f.kind = 'source'))";

    private static final String NOT_MUTED = "not " + LISTED.replace("LIST", "muted");

    /**
     * A condition over the alias {@code a}. It is evaluated per article, so that a further filter decides how many are
     * read.
     */
    static final String CONDITION = LISTED.replace("LIST", "following") + " and " + NOT_MUTED;

    private FollowedArticles() {}

    /**
     * Returns a query of the columns {@code published_at} and {@code id}: the first articles in an order.
     *
     * @param mutes whether the account mutes names, which takes a check of each article
     * @param bounds conditions of the two columns, whose names are the arguments of its format; may be empty
     */
    static String first(boolean mutes, String bounds, ReadOrder order, int rows) {
        return NameMerge.first(
                "select kind, key from following where account = :reader", mutes ? NOT_MUTED : "", bounds, order, rows);
    }
}
