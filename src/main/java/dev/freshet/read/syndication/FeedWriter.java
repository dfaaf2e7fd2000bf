package dev.freshet.read.syndication;

import com.rometools.rome.feed.WireFeed;
import com.rometools.rome.feed.atom.Feed;
import com.rometools.rome.feed.module.DCModuleImpl;
import com.rometools.rome.feed.rss.Channel;
import com.rometools.rome.io.FeedException;
import com.rometools.rome.io.WireFeedOutput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Writes XML feeds. Rome reads files when it first writes a kind of feed; the constructor triggers this, so that no
 * event loop does.
 */
@Component
final class FeedWriter {

    FeedWriter() {
        var channel = new Channel("rss_2.0");
        channel.setTitle("-");
        channel.setLink("-");
        channel.setDescription("-");
        channel.setModules(List.of(new DCModuleImpl()));
        write(channel);
        write(new Feed("atom_1.0"));
    }

    /** Writes the document in UTF-8, without white space between its elements. */
    byte[] write(WireFeed feed) {
        feed.setEncoding("UTF-8");
        try {
            return new WireFeedOutput().outputString(feed, false).getBytes(StandardCharsets.UTF_8);
        } catch (FeedException e) {
            throw new IllegalStateException(e);
        }
    }
}
