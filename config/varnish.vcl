# Freshet behind Varnish (6.0 or newer). Change the addresses of the instances. TLS ends before Varnish, in hitch or in
# HAProxy, which sets X-Forwarded-Proto and passes the client's address by the PROXY protocol (-a :8080,PROXY).
#   varnishd -a :8080 -f /etc/varnish/varnish.vcl -p pipe_timeout=60 -p thread_pool_max=10000
# pipe_timeout (default: 60 s) is the longest silence: a stream is silent for at most 18 s, freshet.stream.heartbeat
# plus a fifth. Each stream needs a thread, so thread_pool_max times thread_pools (2) is the maximum.
# If freshet.cdn.max-age is above 0, pages are cached until config/varnish-purge, which follows the stream of surrogate
# keys, purges them. Otherwise each request is passed on.
vcl 4.1;

import directors;
import std;

# Addresses that may purge.
acl purgers {
    "localhost";
}

# Proxies that end TLS before Varnish. Only they may set X-Forwarded-Proto.
acl tls_proxies {
    "localhost";
}

# A stopping instance returns 503 here at once and then releases its streams.
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

    # The client's address and scheme. Values that clients send are replaced. Freshet uses them if
    # freshet.limits.trusted-proxies contains the network of Varnish.
    unset req.http.Forwarded;
    unset req.http.X-Forwarded-Port;
    unset req.http.X-Forwarded-Prefix;
    unset req.http.X-Forwarded-Ssl;
    set req.http.X-Forwarded-For = client.ip;
    set req.http.X-Forwarded-Host = req.http.Host;
    # With the PROXY protocol, client.ip is the client and remote.ip the proxy.
    if (remote.ip !~ tls_proxies || req.http.X-Forwarded-Proto !~ "^https?$") {
        set req.http.X-Forwarded-Proto = "http";
    }

    # A stream doesn't end: its bytes are passed on as they arrive, and not stored.
    if (req.method == "GET" && req.url ~ "^/api/v1/articles(\?|$)"
            && (req.http.Accept ~ "text/event-stream|application/(x-)?ndjson|application/jsonl" || req.url ~ "[?&]format=(sse|ndjson)(&|$)")) {
        return (pipe);
    }

    # PURGE with the header Surrogate-Key removes the objects with that key. Without the header it removes everything.
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

sub vcl_hash {
    # Links in a page have the scheme of its reader. The address and the host are part of the hash by default.
    hash_data(req.http.X-Forwarded-Proto);
}

sub vcl_pipe {
    # Later requests on this connection would be passed unseen, to the same instance.
    set bereq.http.Connection = "close";
}

sub vcl_backend_response {
    # Imports stream their progress.
    set beresp.do_stream = true;

    # Only responses that allow it are stored: a page is valid until an event changes its feed.
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
    # The other instance gets a request that was certainly not processed.
    if (bereq.method == "GET" && bereq.retries < 1) {
        set bereq.backend = freshet.backend();
        return (retry);
    }
}
