-- The first subtags of the languages of all published articles, by one look into the index of languages for each.
create function article_languages() returns text[] stable language sql as $$
    with recursive found as (
        (select split_part(lower(language), '-', 1) as code from article where status = 'published'
            order by split_part(lower(language), '-', 1) limit 1)
        union all
        select (select split_part(lower(a.language), '-', 1) from article a
                where a.status = 'published' and split_part(lower(a.language), '-', 1) > found.code
                order by split_part(lower(a.language), '-', 1) limit 1)
            from found where found.code is not null)
    select coalesce(array_agg(code), '{}') from found where code is not null
$$;
