-- What accounts follow: an article is in an account's followed feed where its author, its source or a tag of it is here.
create table following (
    account uuid not null references account on delete cascade,
    kind    text not null check (kind in ('tag', 'author', 'source')),
    name    text not null,
    since   timestamptz not null default now(),
    primary key (account, kind, name)
);
