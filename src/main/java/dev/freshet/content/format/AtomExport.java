package dev.freshet.content.format;

/** The rules of Blogger's exports, which are Atom with comments, settings and drafts among the entries. */
final class AtomExport {

    private static final String KIND = "http://schemas.google.com/g/2005#kind";

    private AtomExport() {}

    /** @throws UnreadableEntryException if the entry is not a published post */
    static void check(XmlNode.Element entry) {
        var kind = entry.children("atom:category")
                .filter(AtomExport::isKind)
                .map(category -> category.attribute("term"))
                .findFirst();
        if (kind.isPresent() && !kind.get().endsWith("#post")) {
            throw new UnreadableEntryException("left out, because it is not a post but a "
                    + kind.get().substring(kind.get().lastIndexOf('#') + 1));
        }
        var isDraft =
                entry.children("app:control").anyMatch(control -> "yes".equalsIgnoreCase(control.textOf("app:draft")));
        if (isDraft) {
            throw new UnreadableEntryException("left out, because it is a draft");
        }
    }

    static boolean isKind(XmlNode.Element category) {
        return category.attribute("scheme").equals(KIND);
    }
}
