# Freshet behind Varnish (6.0 or newer). Change the addresses of the instances. TLS ends before Varnish, in hitch or in
# HAProxy, which sets X-Forwarded-Proto and tells the client's address by the PROXY protocol (-a :8080,PROXY).
#   varnishd -a :8080 -f /etc/varnish/varnish.vcl -p pipe_timeout=60 -p thread_pool_max=10000
# pipe_timeout (60 s, the default) is the longest silence: a stream is silent for 18 s at most, by
# freshet.stream.heartbeat and a fifth. Each stream holds a thread: thread_pool_max times thread_pools (2) is the most.
# With freshet.cdn.max-age above 0, pages are kept here until config/varnish-purge, which follows the stream of surrogate
# keys, purges them; without, each request is passed on.
vcl 4.1;

import directors;
import std;

# Who may purge.
acl purgers {
    "localhost";
}

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

    # Who asked, and how; what clients say of it themselves counts for nothing. Freshet
    # believes it where freshet.limits.trusted-proxies names the network of Varnish.
    unset req.http.Forwarded;
    set req.http.X-Forwarded-For = client.ip;
    set req.http.X-Forwarded-Host = req.http.Host;
    if (!req.http.X-Forwarded-Proto) {
        set req.http.X-Forwarded-Proto = "http";
    }

    # A stream has no end: bytes pass as they come, and nothing of it is stored.
    if (req.method == "GET" && req.url ~ "^/api/v1/articles(\?|$)"
            && (req.http.Accept ~ "text/event-stream|application/x-ndjson" || req.url ~ "[?&]format=(sse|ndjson)(&|$)")) {
        return (pipe);
    }

    # PURGE with the header Surrogate-Key takes out what has that key, and without it everything.
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(403, "Not allowed"));
        }
        if (req.http.Surrogate-Key) {
            ban("obj.http.Surrogate-Key == " + req.http.Surrogate-Key);
        } else {
            ban("obj.status != 0");
        }
        return (synth(204, "Purged"));
    }

    if ((req.method == "GET" || req.method == "HEAD") && !req.http.Authorization) {
        return (hash);
    }
    return (pass);
}

sub vcl_pipe {
    # What follows on this connection would pass unseen, to the same instance.
    set bereq.http.Connection = "close";
}

sub vcl_backend_response {
    # Imports answer with their progress.
    set beresp.do_stream = true;

    # Only what says so may be kept: a page is valid until an event changes its feed.
    if (beresp.status == 200 && beresp.http.CDN-Cache-Control ~ "max-age=[0-9]+" && beresp.http.Surrogate-Key) {
        set beresp.ttl = std.duration(regsub(beresp.http.CDN-Cache-Control, "^.*max-age=([0-9]+).*$", "\1s"), 0s);
        set beresp.grace = std.duration(
            regsub(beresp.http.CDN-Cache-Control, "^.*stale-while-revalidate=([0-9]+).*$", "\1s"), 0s);
    } else {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
    }
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.CDN-Cache-Control;
    unset resp.http.Surrogate-Key;
}

sub vcl_backend_error {
    # Asked of the other instance, where it can't have been done.
    if (bereq.method == "GET" && bereq.retries < 1) {
        set bereq.backend = freshet.backend();
        return (retry);
    }
}
