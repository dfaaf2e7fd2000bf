-- What an account proves by who it is. Secrets are random, so a digest of them needs no salt.
create table credential (
    id         uuid primary key,
    account    uuid not null references account on delete cascade,
    kind       text not null check (kind in ('token', 'session', 'reset')),
    name       text not null,
    digest     bytea not null unique,
    -- The last digests that were good before renewals: whoever shows one again has stolen it, or was stolen from.
    was_digests bytea[] not null default '{}',
    scopes     text[] not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    used_at    timestamptz
);
-- An account's credentials, newest first.
create index credential_by_account on credential (account, created_at desc);
-- Secrets that were renewed: where was_digests @> array[?]
create index credential_by_earlier on credential using gin (was_digests);
-- To forget what has ended: where expires_at < ?
create index credential_by_end on credential (expires_at);

-- A password is kept by its Argon2 hash alone.
create table password (
    account    uuid primary key references account on delete cascade,
    hash       text not null,
    changed_at timestamptz not null default now()
);

-- Who has left. Articles stay, and with them the account that owns them.
alter table account add column left_at timestamptz;
