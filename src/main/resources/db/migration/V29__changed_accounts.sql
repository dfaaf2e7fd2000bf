-- The last change of each account, so that instances can hold accounts in memory and read only what changed.
create table changed_account (
    account uuid primary key,
    at      timestamptz not null
);
-- New changes: where at > ?
create index changed_account_by_time on changed_account (at);

create function account_changed() returns trigger language plpgsql as $$
begin
    insert into changed_account (account, at) select id, clock_timestamp() from changed order by id
        on conflict (account) do update set at = excluded.at;
    return null;
end $$;
create trigger account_updated after update on account
    referencing old table as changed
    for each statement execute function account_changed();
create trigger account_deleted after delete on account
    referencing old table as changed
    for each statement execute function account_changed();
