-- Articles, who wrote them and where they come from, and the feed log.
-- PostgreSQL 14 or later. Times are timestamptz, in UTC.

create table account (
    id         uuid primary key,
    name       text not null unique,
    created_at timestamptz not null default now()
);

-- The keys that sign tokens, kept with the data so that every instance signs and checks alike.
create table signing_key (
    kid        text primary key,
    jwk        text not null,
    created_at timestamptz not null default now()
);

create table author (
    id   bigint generated always as identity primary key,
    name text not null unique
);

create table source (
    id   bigint generated always as identity primary key,
    name text not null unique
);

create table article (
    id            uuid primary key,
    slug          text not null,
    title         text not null,
    summary       text not null,
    body          text not null,
    html          text not null,
    tags          text[] not null default '{}',
    author_id     bigint not null references author,
    source_id     bigint not null references source,
    canonical_url text,
    -- What an import recognises the article by: its canonical URL, else the id that its feed gave it.
    origin        text unique,
    language      text not null,
    status        text not null check (status in ('draft', 'scheduled', 'published', 'withdrawn')),
    owner         uuid not null references account,
    published_at  timestamptz,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null,
    version       bigint not null,
    search        tsvector not null generated always as (
        setweight(to_tsvector('english', title), 'A')
        || setweight(to_tsvector('english', summary), 'B')
        || setweight(to_tsvector('english', left(body, 100000)), 'C')) stored,
    -- The search vector before the last change: tells whether that change took the article out of a search.
    was_search    tsvector,
    check (status in ('draft', 'withdrawn') or published_at is not null)
);

-- Feed of all articles, newest first, from a page key on:
--   where status = 'published' and (published_at, id) < (?, ?) order by published_at desc, id desc
create index article_by_time on article (published_at desc, id desc) where status = 'published';
-- The same by author, and by source.
create index article_by_author on article (author_id, published_at desc, id desc) where status = 'published';
create index article_by_source on article (source_id, published_at desc, id desc) where status = 'published';
-- Search: where status = 'published' and search @@ websearch_to_tsquery('english', ?)
create index article_by_search on article using gin (search) where status = 'published';
-- Scheduled articles that are due: where status = 'scheduled' and published_at <= now()
create index article_by_due_time on article (published_at) where status = 'scheduled';
-- An owner's drafts, newest first.
create index article_by_owner on article (owner, updated_at desc);

-- Tags of published articles, a row each, so that the feed of a tag is a keyset scan as well:
--   where tag = ? and (published_at, article_id) < (?, ?) order by published_at desc, article_id desc
create table article_tag (
    tag          text not null,
    published_at timestamptz not null,
    article_id   uuid not null references article on delete cascade,
    primary key (article_id, tag)
);
create index article_tag_by_time on article_tag (tag, published_at desc, article_id desc);

-- article_tag follows article, whoever changes it.
create function article_tag_follow() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        delete from article_tag where article_id = new.id
            and (new.status <> 'published' or published_at <> new.published_at or not tag = any (new.tags));
    end if;
    if new.status = 'published' then
        insert into article_tag (tag, published_at, article_id)
            select distinct t, new.published_at, new.id from unnest(new.tags) t
            on conflict do nothing;
    end if;
    return null;
end $$;
create trigger article_tag_follow_insert after insert on article
    for each row when (new.status = 'published') execute function article_tag_follow();
create trigger article_tag_follow_update after update of tags, status, published_at on article
    for each row when (new.status = 'published' or old.status = 'published') execute function article_tag_follow();

-- The clock of the feed log, one row. Whoever appends takes the next seqs from it as the last statement of
-- the transaction: the row's lock makes seq gapless and its order the order of commits.
create table feed_clock (
    one   boolean primary key default true check (one),
    -- Identifies this history of the log; another after a restore to an earlier state.
    epoch bigint not null,
    seq   bigint not null,
    -- Time of the last event; never goes back, so that a time finds its place in the log.
    at    timestamptz not null
) with (fillfactor = 10);
insert into feed_clock (epoch, seq, at)
    values ((random() * 4294967295)::bigint, 0, now());

-- What readers must hear of, in commit order. Rows are never changed, but for the content of
-- articles that were withdrawn, which is taken out.
create table feed_log (
    seq        bigint primary key,
    at         timestamptz not null,
    type       text not null check (type in ('article.published', 'article.updated', 'article.withdrawn')),
    article_id uuid not null,
    -- What a feed's predicate looks at: after this change, and before it (null where readers knew nothing).
    tags       text[] not null,
    author     text not null,
    source     text not null,
    search     tsvector,
    was_tags   text[],
    was_author text,
    was_source text,
    was_search tsvector,
    -- The article as JSON without its content, and the content ("body" and "html") as JSON.
    article    text not null,
    content    text
);
-- To take the content out: where article_id = ?
create index feed_log_by_article on feed_log (article_id, seq);
-- since=<instant>: the last seq before a time.
create index feed_log_by_time on feed_log (at, seq);

-- Answers to requests that carried an Idempotency-Key.
create table idempotency (
    account    uuid not null references account,
    key        text not null,
    request    bytea not null,
    article_id uuid not null,
    status     int not null,
    etag       text not null,
    body       text not null,
    created_at timestamptz not null default now(),
    primary key (account, key)
);
-- To forget old answers: where created_at < ?
create index idempotency_by_time on idempotency (created_at);
