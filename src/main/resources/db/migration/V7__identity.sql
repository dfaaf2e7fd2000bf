-- Who somebody is to a provider (OpenID Connect), and here.
create table identity (
    issuer  text not null,
    subject text not null,
    account uuid not null references account on delete cascade,
    since   timestamptz not null default now(),
    primary key (issuer, subject)
);
-- The identities of an account.
create index identity_by_account on identity (account);

-- A cookie keeps a browser signed in; a ticket opens one stream.
alter table credential
    drop constraint credential_kind_check,
    add constraint credential_kind_check check (kind in ('token', 'session', 'cookie', 'ticket', 'reset')),
    -- What a ticket was issued on the strength of, and when that ends.
    add column parent uuid,
    add column parent_ends_at timestamptz;
