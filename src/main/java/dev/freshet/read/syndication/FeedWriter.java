package dev.freshet.read.syndication;

import com.rometools.rome.feed.WireFeed;
import com.rometools.rome.feed.atom.Feed;
import com.rometools.rome.feed.module.DCModuleImpl;
import com.rometools.rome.feed.rss.Channel;
import com.rometools.rome.io.FeedException;
import com.rometools.rome.io.WireFeedOutput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jdom2.Element;
import org.jdom2.output.Format;
import org.jdom2.output.XMLOutputter;
import org.springframework.stereotype.Component;

/**
 * Writes XML feeds. Rome reads files when it first writes a kind of feed; the constructor triggers this, so that no
 * event loop does.
 */
@Component
final class FeedWriter {

    private static final Format FORMAT =
            Format.getRawFormat().setEncoding("UTF-8").setLineSeparator("\n");

    FeedWriter() {
        var channel = new Channel("rss_2.0");
        channel.setTitle("-");
        channel.setLink("-");
        channel.setDescription("-");
        channel.setModules(List.of(new DCModuleImpl()));
        write(channel);
        write(new Feed("atom_1.0"));
    }

    private byte[] write(WireFeed feed) {
        return write(feed, root -> {});
    }

    /**
     * Writes the document in UTF-8. Adds no white space and keeps that of the text.
     *
     * @param completion adds to the root element what Rome cannot express
     */
    byte[] write(WireFeed feed, Consumer<Element> completion) {
        try {
            var document = new WireFeedOutput().outputJDom(feed);
            completion.accept(document.getRootElement());
            return new XMLOutputter(FORMAT).outputString(document).getBytes(StandardCharsets.UTF_8);
        } catch (FeedException e) {
            throw new IllegalStateException(e);
        }
    }
}
