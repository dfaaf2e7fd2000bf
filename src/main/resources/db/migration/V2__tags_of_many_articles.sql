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
