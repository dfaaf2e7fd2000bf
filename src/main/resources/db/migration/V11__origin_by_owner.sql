-- Imports recognise an article within its owner's articles alone, so that nobody can reserve an origin for others.
alter table article drop constraint article_origin_key;
-- where owner = ? and origin = any (?)
create unique index article_by_origin on article (owner, origin) where origin is not null;
-- where owner = ? and canonical_url = any (?)
create index article_by_canonical_url on article (owner, canonical_url) where canonical_url is not null;
