package dev.freshet.graphql;

import dev.freshet.limit.ClientRates;
import dev.freshet.stream.FeedStreams;
import tools.jackson.databind.json.JsonMapper;

/** Objects that all sockets share. */
record SocketServices(
        Operations operations,
        FeedStreams streams,
        ClientRates rates,
        SocketAuthentication authentication,
        GraphQlSettings.Socket settings,
        JsonMapper json) {}
