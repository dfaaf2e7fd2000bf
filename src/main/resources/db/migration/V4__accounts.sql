-- Who may do what.
alter table account
    add column email text,
    add column role text not null default 'author' check (role in ('reader', 'author', 'editor', 'admin'));
create unique index account_by_email on account (lower(email));

-- Who was first looks after the rest.
update account set role = 'admin' where id = (select id from account order by created_at, id limit 1);

-- Credentials that are good no more before their time. Each instance knows them by heart, and forgets them with the time
-- at which they had ended anyway.
create table revocation (
    credential uuid primary key,
    at         timestamptz not null default now(),
    until      timestamptz not null
);
-- What is new: where at > ?
create index revocation_by_time on revocation (at);
-- To forget: where until < ?
create index revocation_by_end on revocation (until);
