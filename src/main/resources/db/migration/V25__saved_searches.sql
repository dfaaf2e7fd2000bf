-- Searches that are part of an account's followed feed.
create table saved_search (
    account uuid not null references account on delete cascade,
    name    text not null,
    key     text not null generated always as (name_key(name)) stored,
    q       text not null,
    -- The search as PostgreSQL evaluates it.
    query   tsquery not null,
    since   timestamptz not null default now(),
    -- SHA-256 of the secret in the address of its feed; null without one.
    address bytea unique,
    primary key (account, key)
);

create trigger saved_search_changed after insert or update of q or delete on saved_search
    for each row execute function notify_following();
