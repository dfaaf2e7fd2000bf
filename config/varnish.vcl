# Freshet behind Varnish (6.0 or newer). Change the addresses of the instances. TLS ends before Varnish, in hitch or in
# HAProxy, which sets X-Forwarded-Proto and tells the client's address by the PROXY protocol (-a :8080,PROXY).
#   varnishd -a :8080 -f /etc/varnish/varnish.vcl -p pipe_timeout=60 -p thread_pool_max=10000
# pipe_timeout (60 s, the default) is the longest silence: a stream is silent for 18 s at most, by
# freshet.stream.heartbeat and a fifth. Each stream holds a thread: thread_pool_max times thread_pools (2) is the most.
vcl 4.1;

import directors;

# An instance that is about to stop says 503 here at once, and then lets its streams go.
probe ready {
    .url = "/actuator/health/readiness";
    .interval = 1s;
    .timeout = 1s;
    .window = 2;
    .threshold = 2;
    .initial = 2;
}

backend one {
    .host = "127.0.0.1";
    .port = "8081";
    .connect_timeout = 2s;
    .probe = ready;
}

backend two {
    .host = "127.0.0.1";
    .port = "8082";
    .connect_timeout = 2s;
    .probe = ready;
}

sub vcl_init {
    new freshet = directors.round_robin();
    freshet.add_backend(one);
    freshet.add_backend(two);
}

sub vcl_recv {
    set req.backend_hint = freshet.backend();

    # Who asked, and how; what clients say of it themselves counts for nothing. With
    # server.forward-headers-strategy: native, Freshet counts streams by these addresses and not by Varnish's.
    unset req.http.Forwarded;
    set req.http.X-Forwarded-For = client.ip;
    set req.http.X-Forwarded-Host = req.http.Host;
    if (!req.http.X-Forwarded-Proto) {
        set req.http.X-Forwarded-Proto = "http";
    }

    # A stream has no end: bytes pass as they come, and nothing of it is stored.
    if (req.method == "GET" && req.url ~ "^/api/v1/articles(\?|$)"
            && req.http.Accept ~ "text/event-stream|application/x-ndjson") {
        return (pipe);
    }

    # A page is valid until an event changes its feed, which Varnish can't know.
    return (pass);
}

sub vcl_pipe {
    # What follows on this connection would pass unseen, to the same instance.
    set bereq.http.Connection = "close";
}

sub vcl_backend_response {
    # Imports answer with their progress.
    set beresp.do_stream = true;
}

sub vcl_backend_error {
    # Asked of the other instance, where it can't have been done.
    if (bereq.method == "GET" && bereq.retries < 1) {
        set bereq.backend = freshet.backend();
        return (retry);
    }
}
