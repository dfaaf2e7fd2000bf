-- Returns the periods of a time: those of 1 hour, 2 hours, 4 hours, and so on up to 15 years. The upper bits of each are the
-- exponent. SearchPlan has the same rule in Java.
do $$
begin
    execute 'create function article_periods(t timestamptz) returns bigint[] language sql immutable parallel safe return array['
        || (select string_agg(format('%s + (floor(date_part(''epoch'', t at time zone ''UTC'') / 3600)::bigint >> %s)',
            e::bigint << 40, e), ', ' order by e) from generate_series(0, 17) e)
        || ']';
end $$;

drop index article_by_search;

-- Search: where status = 'published' and search @@ ?
-- The newest matches of a frequent word: and article_periods(published_at) && ?
create index article_by_search on article using gin (search, article_periods(published_at)) where status = 'published';
