package dev.freshet.content.article;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Evaluator;
import org.jsoup.select.Selector;

/**
 * Gives headings the ids that GitHub gives them, so that links to them work here too. Replaces a paragraph {@code [TOC]} or
 * {@code [[_TOC_]]} by a table of contents.
 */
final class Headings {

    private static final Evaluator HEADINGS = Selector.evaluatorOf("h1, h2, h3, h4, h5, h6");
    private static final Evaluator WITH_ID = Selector.evaluatorOf("[id]");
    private static final int MAX_ID_LENGTH = 200;
    private static final int MAX_CONTENTS = 1000;
    private static final Pattern NOT_IN_IDS = Pattern.compile("[^\\p{L}\\p{M}\\p{Nd}\\p{Pc} -]");
    private static final Pattern CONTENTS = Pattern.compile("(?i)\\[TOC]|\\[\\[TOC]]");
    private static final String ID_WITHOUT_TEXT = "section";

    private Headings() {}

    /**
     * Changes a sanitised document.
     *
     * @param reserved ids that no heading gets
     */
    static void complete(Document document, Collection<String> reserved) {
        var headings = document.select(HEADINGS);
        var ids = new HashMap<String, Integer>();
        reserved.forEach(id -> ids.put(id, 0));
        document.select(WITH_ID).stream()
                .filter(element -> !element.is(HEADINGS))
                .forEach(element -> ids.put(element.id(), 0));
        for (var heading : headings) {
            var wanted = heading.id().isEmpty() ? id(heading.wholeText()) : heading.id();
            heading.attr("id", unique(wanted, ids));
        }
        var place = document.body().children().stream()
                .filter(child -> child.normalName().equals("p")
                        && CONTENTS.matcher(child.text()).matches())
                .findFirst();
        place.ifPresent(paragraph -> paragraph.replaceWith(contents(headings)));
    }

    /** Lower-cases a text, removes punctuation, and replaces each space by a hyphen. */
    private static String id(String text) {
        var id = NOT_IN_IDS
                .matcher(text.strip().toLowerCase(Locale.ROOT))
                .replaceAll("")
                .replace(' ', '-');
        var length = id.codePointCount(0, id.length());
        var end = id.offsetByCodePoints(0, Math.min(length, MAX_ID_LENGTH));
        return id.isEmpty() ? ID_WITHOUT_TEXT : id.substring(0, end);
    }

    /**
     * Returns an id that is new.
     *
     * @param ids the ids, each with the last number that was added to it
     */
    private static String unique(String wanted, Map<String, Integer> ids) {
        var last = ids.putIfAbsent(wanted, 0);
        if (last == null) {
            return wanted;
        }
        var number = last + 1;
        while (ids.putIfAbsent(wanted + "-" + number, 0) != null) {
            number++;
        }
        ids.put(wanted, number);
        return wanted + "-" + number;
    }

    /** Returns nested lists of links. A heading is listed below the last one of a higher level. */
    private static Element contents(List<Element> headings) {
        var nav = new Element("nav").addClass("toc");
        var open = new ArrayDeque<Entry>();
        for (var heading : headings.subList(0, Math.min(headings.size(), MAX_CONTENTS))) {
            var level = heading.normalName().charAt(1) - '0';
            while (!open.isEmpty() && open.element().level() >= level) {
                open.remove();
            }
            var parent = open.isEmpty() ? nav : open.element().item();
            var last = parent.lastElementChild();
            var list = last != null && last.normalName().equals("ul") ? last : parent.appendElement("ul");
            var item = list.appendElement("li");
            item.appendElement("a").attr("href", "#" + heading.id()).text(text(heading));
            open.push(new Entry(level, item));
        }
        return nav;
    }

    private static String text(Element heading) {
        var copy = heading.clone();
        copy.select(".footnote-ref").remove();
        return copy.text();
    }

    private record Entry(int level, Element item) {}
}
