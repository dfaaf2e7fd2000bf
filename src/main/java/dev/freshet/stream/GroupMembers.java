package dev.freshet.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * The members of a group in any order. Each keeps its index, so that a removal takes constant time, and a member needs a
 * reference and no further object. Used on the event loop of the group.
 */
final class GroupMembers<M extends GroupMembers.Indexed> {

    /** A member, which keeps its index. */
    interface Indexed {

        /** Returns its index in the list of its group; 0 before it has one. */
        int indexInGroup();

        /** Keeps its index in the list of its group. */
        void indexInGroup(int index);
    }

    private final List<M> members = new ArrayList<>();

    void add(M member) {
        member.indexInGroup(members.size());
        members.add(member);
    }

    /** Removes a member if it is present. */
    void remove(M member) {
        var index = member.indexInGroup();
        if (index < members.size() && members.get(index).equals(member)) {
            var last = members.removeLast();
            if (!last.equals(member)) {
                members.set(index, last);
                last.indexInGroup(index);
            }
        }
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** Returns a copy, since members may be removed while it is read. */
    List<M> all() {
        return List.copyOf(members);
    }
}
