package dev.freshet.content.format;

/** An entry of a feed document, which can be compared with its earlier form. */
public interface DocumentEntry extends ImportEntry {

    /** Returns the {@link Digest} of the entry and of the properties of its feed that apply to it. */
    long digest();
}
