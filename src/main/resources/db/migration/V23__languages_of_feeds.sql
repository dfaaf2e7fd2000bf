-- The language of an article is a filter of feeds. Existing rows of the log have none: it is read from their article.
alter table feed_log add column language text, add column was_language text;

-- Feed of a language, newest first. A filter selects more specific languages too, so the key is the first subtag.
create index article_by_language on article (split_part(lower(language), '-', 1), published_at desc, id desc)
    where status = 'published';
