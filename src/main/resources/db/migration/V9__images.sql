-- Images for articles. Their bytes are elsewhere, in a folder or a bucket.
create table image (
    name         text primary key,
    owner        uuid not null references account,
    created_at   timestamptz not null default now(),
    -- Since when no article shows it, as far as was looked; null for one that is shown.
    unused_since timestamptz default now()
);
-- To collect them: where unused_since <= ?
create index image_by_end on image (unused_since) where unused_since is not null;

-- Which articles show which images, drafts too; those that are withdrawn show none.
create table article_image (
    article_id uuid not null references article on delete cascade,
    name       text not null references image,
    primary key (article_id, name)
);
create index article_image_by_name on article_image (name);

-- article_image follows article, whoever changes it. The lock keeps an image from being collected meanwhile; one that was
-- is none.
create function article_image_begin() returns trigger language plpgsql as $$
begin
    insert into article_image (article_id, name)
        select a.id, i.name from written a
            cross join lateral regexp_matches(a.html, '/images/([0-9a-f]{32}\.(?:png|jpg))', 'g') m
            join image i on i.name = m[1]
        where strpos(a.html, '/images/') > 0 and a.status <> 'withdrawn'
        for key share of i
        on conflict do nothing;
    return null;
end $$;
create trigger article_image_begin after insert on article
    referencing new table as written
    for each statement execute function article_image_begin();

create function article_image_follow() returns trigger language plpgsql as $$
begin
    delete from article_image where article_id = new.id
        and (new.status = 'withdrawn' or strpos(new.html, name) = 0);
    if new.status <> 'withdrawn' then
        insert into article_image (article_id, name)
            select new.id, i.name
            from regexp_matches(new.html, '/images/([0-9a-f]{32}\.(?:png|jpg))', 'g') m
                join image i on i.name = m[1]
            for key share of i
            on conflict do nothing;
    end if;
    return null;
end $$;
create trigger article_image_follow after update of html, status on article
    for each row when ((new.html <> old.html or new.status <> old.status)
        and (strpos(new.html, '/images/') > 0 or strpos(old.html, '/images/') > 0))
    execute function article_image_follow();
