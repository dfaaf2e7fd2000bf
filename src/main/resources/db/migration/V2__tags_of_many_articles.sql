-- Many articles are written with one statement: so are their tags, instead of a call of the function for each article.
create function article_tag_begin() returns trigger language plpgsql as $$
begin
    insert into article_tag (tag, published_at, article_id)
        select distinct t, a.published_at, a.id from written a cross join unnest(a.tags) t
        where a.status = 'published'
        on conflict do nothing;
    return null;
end $$;
drop trigger article_tag_follow_insert on article;
create trigger article_tag_follow_insert after insert on article
    referencing new table as written
    for each statement execute function article_tag_begin();

-- What is left for the function is changes.
create or replace function article_tag_follow() returns trigger language plpgsql as $$
begin
    delete from article_tag where article_id = new.id
        and (new.status <> 'published' or published_at <> new.published_at or not tag = any (new.tags));
    if new.status = 'published' then
        insert into article_tag (tag, published_at, article_id)
            select distinct t, new.published_at, new.id from unnest(new.tags) t
            on conflict do nothing;
    end if;
    return null;
end $$;
