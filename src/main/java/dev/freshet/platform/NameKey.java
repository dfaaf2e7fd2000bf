package dev.freshet.platform;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;

/**
 * The key by which names of tags, authors, sources and accounts are compared. Names are the same if they differ only in
 * case or in the composition of characters (Unicode, canonical caseless matching). The database's function {@code
 * name_key} is the same rule.
 */
public final class NameKey {

    private static final Normalizer2 NFC = Normalizer2.getNFCInstance();
    private static final Normalizer2 NFD = Normalizer2.getNFDInstance();

    private NameKey() {}

    /** Returns the key of a name. The key of a key is the key itself. */
    public static String of(String name) {
        return isKey(name) ? name : NFC.normalize(UCharacter.foldCase(NFD.normalize(name), true));
    }

    /** Returns whether two names are the same. */
    public static boolean isSame(String name, String other) {
        return of(name).equals(of(other));
    }

    /** Returns whether the name has only ASCII characters and no capitals. */
    private static boolean isKey(String name) {
        for (var i = 0; i < name.length(); i++) {
            var c = name.charAt(i);
            if (c > 0x7F || (c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return true;
    }
}
