-- Names whose articles are left out of an account's followed feed.
create table muted (
    account uuid not null references account on delete cascade,
    kind    text not null check (kind in ('tag', 'author', 'source')),
    name    text not null,
    key     text not null generated always as (name_key(name)) stored,
    since   timestamptz not null default now(),
    primary key (account, kind, key)
);

create trigger muted_changed after insert or update or delete on muted
    for each row execute function notify_following();
