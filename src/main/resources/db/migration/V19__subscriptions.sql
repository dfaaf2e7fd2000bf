-- Deliveries to other systems: a feed, a target and a cursor in the feed log. The log is the only queue.
create table subscription (
    id            uuid primary key,
    account       uuid not null references account on delete cascade,
    name          text not null,
    -- JSON: the conditions of the feed, the settings of the target, and its secrets.
    feed          text not null,
    type          text not null,
    target        text not null,
    secrets       text,
    -- Whether events contain the whole article, and the maximum events of a delivery.
    content       boolean not null,
    batch         int not null,
    state         text not null check (state in ('unverified', 'active', 'paused', 'ended')),
    -- Whether the target has confirmed that it wants events.
    verified      boolean not null default false,
    epoch         bigint not null,
    seq           bigint not null,
    -- Increased by each lease and by each change of the owner. A change that names another number has no effect.
    fence         bigint not null default 0,
    lease_until   timestamptz,
    due_at        timestamptz not null default now(),
    -- Whether the last attempt was slow or failed.
    slow          boolean not null default false,
    -- Attempts since the last success, and those of them in which the target refused the event.
    failures      int not null default 0,
    refusals      int not null default 0,
    failing_since timestamptz,
    last_error    text,
    last_error_at timestamptz,
    -- Delivered events, attempts in total, and the time of the last success.
    delivered     bigint not null default 0,
    attempts      bigint not null default 0,
    delivered_at  timestamptz,
    created_at    timestamptz not null default now()
) with (fillfactor = 50);
-- Subscriptions of an account, newest first.
create index subscription_by_account on subscription (account, id desc);
-- Subscriptions to deliver: where state in ('unverified', 'active') and due_at <= now() order by due_at
create index subscription_by_due_time on subscription (due_at) where state in ('unverified', 'active');

-- Events that a target refused. They can be sent again while the log has them.
create table rejected_event (
    subscription uuid not null references subscription on delete cascade,
    epoch        bigint not null,
    seq          bigint not null,
    type         text not null,
    article      uuid not null,
    error        text not null,
    rejected_at  timestamptz not null default now(),
    primary key (subscription, epoch, seq)
);
