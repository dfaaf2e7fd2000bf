-- Hosts of sources. A claim is of a host, so that a host receives one request at a time.
create table polled_host (
    host        text primary key,
    -- The time of its next poll: that of its first source, or the end of the lease. Infinity without an active source.
    due_at      timestamptz not null default now(),
    -- Increased by each claim. A change that names another number has no effect.
    fence       bigint not null default 0,
    lease_until timestamptz,
    -- Increased by each change of a source by its owner.
    wakes       bigint not null default 0
) with (fillfactor = 50);
-- Hosts to poll: where due_at <= now() order by due_at
create index polled_host_by_due_time on polled_host (due_at);

-- Feeds elsewhere that are polled.
create table polled_source (
    id            uuid primary key,
    account       uuid not null references account on delete cascade,
    name          text not null,
    -- The address that the owner gave, the address of the feed once it is known, and the host of the next request.
    url           text not null,
    feed          text,
    host          text not null references polled_host,
    -- JSON: the tags that articles receive. The author of articles that name none.
    tags          text not null,
    author        text,
    -- Seconds between polls: those that the owner chose, and the adaptive ones.
    fixed         bigint,
    period        float8 not null,
    state         text not null default 'active' check (state in ('active', 'paused', 'ended')),
    -- Increased by each poll and by each change of the owner. An import or a result that names another number has no effect.
    fence         bigint not null default 0,
    due_at        timestamptz not null default now(),
    -- Validators, digests and wishes of the last document.
    etag          text,
    last_modified text,
    body          bigint,
    entries       text not null default '',
    hints         text,
    -- Polls since the last success.
    failures      int not null default 0,
    failing_since timestamptz,
    last_error    text,
    last_error_at timestamptz,
    polls         bigint not null default 0,
    articles      bigint not null default 0,
    polled_at     timestamptz,
    changed_at    timestamptz,
    created_at    timestamptz not null default now(),
    unique (account, url)
) with (fillfactor = 50);
-- Sources of an account, newest first.
create index polled_source_by_account on polled_source (account, id desc);
-- The next source of a host: where host = ? and state = 'active' order by due_at
create index polled_source_by_host on polled_source (host, due_at);

-- The last polls of each source. A new one replaces the oldest, in its slot.
create table poll (
    source    uuid not null references polled_source on delete cascade,
    slot      int not null,
    at        timestamptz not null,
    status    int,
    created   int not null,
    updated   int not null,
    unchanged int not null,
    rejected  int not null,
    repaired  int not null,
    millis    bigint not null,
    reason    text,
    primary key (source, slot)
) with (fillfactor = 50);
