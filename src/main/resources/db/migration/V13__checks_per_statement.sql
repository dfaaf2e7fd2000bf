-- Articles are written many at a time, by one statement that also appends to the feed log. References are checked and
-- dependent rows are written once per statement, instead of once per row.

-- Fails a statement that found other rows than its caller had read. The caller reads again and retries.
create function write_conflict() returns boolean language plpgsql as $$
begin
    raise exception 'An article was changed concurrently' using errcode = 'serialization_failure';
end $$;

-- The names of the images that an HTML text may show.
create function image_names(html text) returns setof text language sql immutable as $$
    select m[1] from regexp_matches(html, '/images/([0-9a-f]{32}\.(?:png|jpg))', 'g') m
$$;

alter table article
    drop constraint article_author_id_fkey,
    drop constraint article_source_id_fkey,
    drop constraint article_owner_fkey;
alter table article_tag drop constraint article_tag_article_id_fkey;
-- Written only together with an article that the account owns.
alter table idempotency drop constraint idempotency_account_fkey;

drop trigger article_tag_follow_insert on article;
drop trigger article_tag_follow_update on article;
drop trigger article_image_begin on article;
drop trigger article_image_follow on article;
drop function article_tag_begin();
drop function article_tag_follow();
drop function article_image_begin();
drop function article_image_follow();

create function article_created() returns trigger language plpgsql as $$
begin
    if exists (select from written a
            where not exists (select from author where id = a.author_id)
                or not exists (select from source where id = a.source_id)
                or not exists (select from account where id = a.owner)) then
        raise foreign_key_violation using message = 'An article needs an existing author, source and owner';
    end if;
    insert into article_tag (tag, published_at, article_id)
        select distinct t, a.published_at, a.id from written a cross join unnest(a.tags) t
        where a.status = 'published'
        on conflict do nothing;
    if exists (select from written a where strpos(a.html, '/images/') > 0) then
        insert into article_image (article_id, name)
            select a.id, i.name from written a cross join image_names(a.html) n join image i on i.name = n
            where a.status <> 'withdrawn'
            for key share of i
            on conflict do nothing;
    end if;
    return null;
end $$;
create trigger article_created after insert on article
    referencing new table as written
    for each statement execute function article_created();

create function article_changed() returns trigger language plpgsql as $$
begin
    if exists (select from written a
            where not exists (select from author where id = a.author_id)
                or not exists (select from source where id = a.source_id)
                or not exists (select from account where id = a.owner)) then
        raise foreign_key_violation using message = 'An article needs an existing author, source and owner';
    end if;
    delete from article_tag t using written a where t.article_id = a.id
        and (a.status <> 'published' or t.published_at <> a.published_at or not t.tag = any (a.tags));
    insert into article_tag (tag, published_at, article_id)
        select distinct t, a.published_at, a.id from written a cross join unnest(a.tags) t
        where a.status = 'published'
        on conflict do nothing;
    delete from article_image i using written a where i.article_id = a.id
        and (a.status = 'withdrawn' or strpos(a.html, i.name) = 0);
    if exists (select from written a where strpos(a.html, '/images/') > 0) then
        insert into article_image (article_id, name)
            select a.id, i.name from written a cross join image_names(a.html) n join image i on i.name = n
            where a.status <> 'withdrawn'
            for key share of i
            on conflict do nothing;
    end if;
    return null;
end $$;
create trigger article_changed after update on article
    referencing new table as written
    for each statement execute function article_changed();

create function article_deleted() returns trigger language plpgsql as $$
begin
    delete from article_tag t using deleted a where t.article_id = a.id;
    return null;
end $$;
create trigger article_deleted after delete on article
    referencing old table as deleted
    for each statement execute function article_deleted();

-- Keeps what articles refer to, by the column in the argument. Freshet deletes no such row, so the lock of the whole table
-- delays nobody; it makes concurrent writes see the deletion, or the deletion see them.
create function article_reference_kept() returns trigger language plpgsql as $$
declare
    used boolean;
begin
    lock table article in share row exclusive mode;
    execute format('select exists (select from article a join deleted d on a.%I = d.id)', tg_argv[0]) into used;
    if used then
        raise foreign_key_violation using message = format('Articles refer to the deleted row of %s', tg_table_name);
    end if;
    return null;
end $$;
create trigger article_author_kept after delete on author
    referencing old table as deleted
    for each statement execute function article_reference_kept('author_id');
create trigger article_source_kept after delete on source
    referencing old table as deleted
    for each statement execute function article_reference_kept('source_id');
create trigger article_owner_kept after delete on account
    referencing old table as deleted
    for each statement execute function article_reference_kept('owner');
